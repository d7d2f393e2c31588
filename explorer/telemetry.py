"""Reports home that packages would make without being asked: none."""

import os
import sys


def silence() -> None:
    """Keep OpenVINO from reporting its import, and ONNX Runtime its sessions: here, and in processes started from here.

    Call it before either is imported. OpenVINO has a stub of its own for a machine without its telemetry package.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    if "openvino_telemetry" not in sys.modules:
        sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]  # importing it fails, as if it were absent
