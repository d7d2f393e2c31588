"""What all flat figures have in common."""

MODE_BAR = ["zoom", "pan", "select", "lasso", "zoomin", "zoomout", "autoscale", "resetscale", "toimage"]
TOP = 40  # pixels above a plot
LAYOUT = dict(
    margin=dict(l=60, r=16, t=TOP, b=112),
    paper_bgcolor="rgba(0,0,0,0)",
    plot_bgcolor="rgba(0,0,0,0)",
    font=dict(family="system-ui, sans-serif", size=12, color="#7a828e"),
    # Below, where it hides nothing; of the figure and not of the plot, or it stays behind when a phone is turned.
    legend=dict(orientation="h", x=0, xanchor="left", yref="container", y=0, yanchor="bottom"),
    modebar=dict(remove=MODE_BAR),
    hovermode="closest",  # one point's words, beside it
    hoverlabel=dict(font_size=12, namelength=-1),
)
GRID = dict(title_font_size=12, title_standoff=8, gridcolor="rgba(128,128,128,0.25)", zeroline=False)
