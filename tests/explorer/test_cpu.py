from explorer import cpu as cpu_module
from explorer.cores import usable_cores
from explorer.cpu import cpu_facts, linux_cpu


def test_cpu_facts():
    cpu = cpu_facts()
    assert cpu.model
    assert cpu.cores == usable_cores() >= 1


def test_linux_names_the_processor(tmp_path):
    path = tmp_path / "cpuinfo"
    path.write_text("processor\t: 0\nmodel name\t: AMD EPYC: 7B13\nflags\t\t: fpu avx2 avx512_vnni\n\nprocessor\t: 1\n")
    assert linux_cpu(path) == ("AMD EPYC: 7B13", {"fpu", "avx2", "avx512_vnni"})


def test_where_linux_does_not_name_it_another_way_is_taken(tmp_path, monkeypatch):
    path = tmp_path / "cpuinfo"
    path.write_text("processor\t: 0\nFeatures\t: fp asimd asimddp\n")
    assert linux_cpu(path) is None
    assert linux_cpu(tmp_path / "absent") is None
    monkeypatch.setattr(cpu_module, "linux_cpu", lambda: None)
    slowly, quickly = cpu_facts.__wrapped__(), cpu_facts()
    assert slowly == quickly
