"""Which sources of clips are trained on, calibrated on and held out: fixed here, once for every figure `elsewhere`."""

from train.errors import BadData

TRAINING, CALIBRATION, HELD_OUT = "training", "calibration", "held_out"
GROUPS = (TRAINING, CALIBRATION, HELD_OUT)

# Released weights never see these: neither recipe, temperature nor threshold is chosen by them.
HELD_OUT_SOURCES = frozenset(
    (
        "iperov/DeepFaceLive",  # live-swaps.parquet, whole
        "Zz-ww/SadTalker-Video-Lip-Sync",
        "Dorniwang/SpeakerVid-5M",
        "tanshuai0219/EDTalk",
    )
)
# Temperature, threshold and the uncertain band come from these and from DFDC's validation split.
CALIBRATION_SOURCES = frozenset(
    (
        "Hangz-nju-cuhk/Talking-Face_PC-AVS",  # VoxCeleb2
        "rizkiarm/LipNet",  # GRID
        "HumanAIGC/omnitalker",
        "cxcx1996/cxcx1996.github.io",
        "BlueByteMatrix/Project-AegisAI-",
    )
)
TRAINING_SOURCES = frozenset(
    (
        "guanjz20/guanjz20.github.io",
        "Francis-Rings/Francis-Rings.github.io",
        "X-LANCE/AniTalker",
        "wangyuchi369/InstructAvatar",
        "harlanhong/harlanhong.github.io",
        "deepbrainai-research/float",
        "dinablachman/realorfake",
    )
)
DATA_SETS = frozenset(("faceforensics", "dfdc", "celeb-df", "folders"))  # layouts: their slices' splits hold them apart
_GROUP_OF = (
    dict.fromkeys(HELD_OUT_SOURCES, HELD_OUT)
    | dict.fromkeys(CALIBRATION_SOURCES, CALIBRATION)
    | dict.fromkeys(TRAINING_SOURCES | DATA_SETS, TRAINING)
)


def group_of(source: str) -> str:
    """The group of a source of clips. Raises BadData for one that is in none: a guess could leak held-out people."""
    if source not in _GROUP_OF:
        raise BadData(f"the source {source!r} is in no group; put it into one in train/dataset/groups.py")
    return _GROUP_OF[source]
