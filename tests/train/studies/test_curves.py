from train.studies.curves import curves_figure, draw_curves

TABLE = {
    "rows": [
        {"label": "one", "curve": {"steps_a_loss": 8, "losses": [0.9, 0.5], "traced": [{"step": 16, "auc": 0.6}]}},
        {"label": "two", "curve": {"steps_a_loss": 8, "losses": [0.8, 0.7], "traced": [{"step": 16, "auc": 0.5}]}},
    ]
}


def test_each_row_is_a_line_at_the_steps_it_was_taken_at():
    losses, aucs = curves_figure(TABLE).axes
    assert [line.get_label() for line in losses.lines] == ["one", "two"]
    assert losses.lines[0].get_xydata().tolist() == [[4, 0.9], [12, 0.5]]
    assert aucs.lines[1].get_xydata().tolist() == [[16, 0.5]]


def test_the_same_table_gives_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        draw_curves(TABLE, tmp_path / name / "curves.svg")
    assert (tmp_path / "a" / "curves.svg").read_bytes() == (tmp_path / "b" / "curves.svg").read_bytes()
