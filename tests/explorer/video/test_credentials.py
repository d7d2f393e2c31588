import pytest

from explorer.origin import BROKEN, NONE, UNCHECKED, VALID
from explorer.video.credentials import CredentialReader
from explorer.video.decoder import Decoder
from tests.support.clips import grey_ramp
from tests.support.credentials import AI, CAMERA, NEWSROOM, remote, signed, signer, tampered


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    return grey_ramp(tmp_path_factory.mktemp("plain") / "plain.mp4", [i / 25 for i in range(30)])


@pytest.fixture(scope="module")
def clip(plain):
    return signed(plain, plain.with_name("signed.mp4"))


def trust_list(folder, of=NEWSROOM):
    path = folder / f"{of}.pem"
    path.write_text(signer(of).trust_list)
    return str(path)


def test_none_proves_nothing(plain):
    assert CredentialReader().read(plain).state == NONE
    webm = grey_ramp(plain.with_suffix(".mkv"), [0.0, 0.04])
    assert CredentialReader().read(webm).state == NONE


def test_what_a_signer_says(clip):
    credentials = CredentialReader().read(clip)
    assert (credentials.state, credentials.on_trust_list) == (UNCHECKED, None)
    assert (credentials.issuer, credentials.signer, credentials.tool) == ("Test Newsroom", "Desk", "GenTool 3.1")
    assert credentials.ai == (AI.rpartition("/")[2],)
    assert credentials.edits == ("created, by Imaginer 2", "edited, by CutPro (cut)")
    assert credentials.problems == ()


def test_a_camera_is_no_machine_that_made_it(plain, tmp_path):
    action = {"action": "c2pa.created", "digitalSourceType": CAMERA}
    credentials = CredentialReader().read(signed(plain, tmp_path / "camera.mp4", (action,)))
    assert (credentials.ai, credentials.sources) == ((), ("digitalCapture",))


def test_valid_is_who_is_on_the_trust_list(clip, tmp_path):
    known = CredentialReader(trust_list(tmp_path)).read(clip)
    assert (known.state, known.on_trust_list) == (VALID, True)
    stranger = CredentialReader(trust_list(tmp_path, "Somebody else")).read(clip)
    assert (stranger.state, stranger.on_trust_list) == (UNCHECKED, False)


def test_one_byte_breaks_it_whoever_signed(clip, tmp_path):
    broken = CredentialReader(trust_list(tmp_path)).read(tampered(clip, tmp_path / "broken.mp4"))
    assert (broken.state, broken.on_trust_list) == (BROKEN, True)
    assert broken.problems == ("assertion.bmffHash.mismatch",)


@pytest.mark.parametrize("content", [None, "no certificates", "-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_a_trust_list_that_cannot_be_read_believes_nobody(clip, tmp_path, content):
    path = tmp_path / "list.pem"
    if content is not None:
        path.write_text(content)
    credentials = CredentialReader(str(path)).read(clip)
    assert credentials.state == UNCHECKED
    assert credentials.on_trust_list in (None, False)


def test_credentials_elsewhere_are_not_fetched(plain, tmp_path):
    credentials = CredentialReader().read(remote(plain, tmp_path / "remote.mp4"))
    assert credentials.state == NONE
    assert "does not fetch" in credentials.problems[0]


def test_the_confined_process_tells_the_same(clip, monkeypatch):
    with Decoder(clip) as decoder:
        info = decoder.probe()
        assert sum(map(len, decoder.read(info.frame_times))) == 30
        *_, origin = decoder.origin()
    assert origin.credentials == CredentialReader().read(clip)
    assert origin.container.codec == "h264 (High)"
