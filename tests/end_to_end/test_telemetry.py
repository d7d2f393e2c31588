"""The app behind a proxy that counts: it asks for nothing, and keeps no id to be known by."""

import httpx
import pytest


@pytest.mark.parametrize("engine", ["openvino", "onnxruntime"])
def test_an_analysis_reports_to_nobody(server, server_home, portrait_clip, engine):
    path = httpx.post(f"{server}/gradio_api/upload", files={"files": portrait_clip.read_bytes()}).json()[0]
    clip = {"path": path, "meta": {"_type": "gradio.FileData"}}
    address = f"{server}/gradio_api/call/analyze"
    event = httpx.post(address, json={"data": [clip, ["lite0"], 2, "mtcnn", engine]}).json()["event_id"]
    assert "event: complete" in httpx.get(f"{address}/{event}", timeout=120).text
    assert (server_home.asked, server_home.ids()) == ([], [])
