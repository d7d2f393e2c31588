"""Nothing that serves unpickles, evaluates or hands text to a shell."""

import ast
from pathlib import Path

import facenet_pytorch
import pytest

from model_zoo.files import sha256_of

ROOT = Path(__file__).resolve().parents[2]
SERVING = [ROOT / "app.py", *sorted(path for name in ("explorer", "model_zoo") for path in (ROOT / name).rglob("*.py"))]
MODULES = {"pickle", "cPickle", "_pickle", "dill", "cloudpickle", "joblib", "shelve", "marshal", "yaml", "code"}
CALLS = {"eval", "exec", "compile", "__import__", "os.system", "os.popen", "torch.load", "torch.hub.load", "np.load",
         "pd.read_pickle", "torch.jit.load", "torch.export.load", "subprocess.getoutput"}  # fmt: skip
METHODS = {"recv", "send", "get_nowait"}  # of multiprocessing's connections and queues, which pickle


def offences(source: str) -> list[str]:
    """What of the above a module does, by line."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            lines += [f"{node.lineno}: import {name}" for name in names if name.split(".")[0] in MODULES]
        elif isinstance(node, ast.Call):
            name, given = ast.unparse(node.func), {word.arg: ast.unparse(word.value) for word in node.keywords}
            safe = given.get("allow_pickle") == "False" or given.get("weights_only") == "True"
            shell = given.get("shell", "False") != "False"
            method = isinstance(node.func, ast.Attribute) and node.func.attr in METHODS
            if (name in CALLS and not safe) or shell or method:
                lines.append(f"{node.lineno}: {name}")
    return lines


@pytest.mark.parametrize("path", SERVING, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_nothing_that_serves_unpickles_or_evaluates(path):
    assert offences(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "line",
    ["import pickle", "from joblib import load", "import yaml.loader", "eval(x)", "torch.load(p)", "np.load(p)",
     "torch.load(p, weights_only=False)", "np.load(p, allow_pickle=True)", "subprocess.run(x, shell=True)",
     "os.system(x)", "connection.recv()", "queue.get_nowait()", "torch.hub.load(x)"],
)  # fmt: skip
def test_the_search_finds_what_it_looks_for(line):
    assert len(offences(line)) == 1


@pytest.mark.parametrize(
    "line", ["np.load(p, allow_pickle=False)", "torch.load(p, weights_only=True)", "model.eval()", "c.recv_bytes()"]
)
def test_the_search_lets_safe_ways_pass(line):
    assert offences(line) == []


# The one pickled thing that is loaded: MTCNN's weights inside the wheel of facenet-pytorch, by its own torch.load.
MTCNN = {
    "pnet.pt": "a2a71925e0b9996a42f63e47efc1ca19043e69558b5c523b978d611dfae49c8f",
    "rnet.pt": "bbb937de72efc9ef83b186c49f5f558467a1d7e3453a8ece0d71a886633f6a86",
    "onet.pt": "165bfbe42940416ccfb977545cf0e976d5bf321f67083ae2aaaa5c764280118d",
}


def test_mtcnns_weights_are_those_that_were_looked_at():
    folder = Path(facenet_pytorch.__file__).parent / "data"
    assert {path.name: sha256_of(path) for path in folder.glob("*.pt")} == MTCNN
