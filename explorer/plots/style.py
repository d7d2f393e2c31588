"""What all flat figures have in common."""

LAYOUT = dict(
    margin=dict(l=60, r=16, t=40, b=48),
    paper_bgcolor="rgba(0,0,0,0)",
    plot_bgcolor="rgba(0,0,0,0)",
    font=dict(family="system-ui, sans-serif", size=12, color="#7a828e"),
    legend=dict(orientation="h", y=1.02, yanchor="bottom", x=1, xanchor="right"),
)
GRID = dict(title_font_size=12, title_standoff=8, gridcolor="rgba(128,128,128,0.25)", zeroline=False)
