"""The look of every page: one calm theme, light and dark, without a font or script from elsewhere."""

import gradio as gr

_FONT = ["system-ui", "-apple-system", "Segoe UI", "sans-serif"]
THEME = gr.themes.Base(
    primary_hue="blue", neutral_hue="slate", font=_FONT, font_mono=["ui-monospace", "Menlo", "monospace"]
)  # fmt: skip

CSS = """
.gradio-container { width: 100% !important; max-width: 1240px !important; margin: 0 auto !important; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(250px, 1fr)); gap: 14px; }
.card { border: 1px solid var(--border-color-primary); border-top: 4px solid var(--variant); border-radius: 10px;
        padding: 14px 16px; background: var(--block-background-fill); }
.card h3 { margin: 0; font-size: 1rem; }
.card .about { color: var(--body-text-color-subdued); font-size: .82rem; margin: 0 0 8px; }
.card .verdict { display: flex; align-items: baseline; gap: 10px; }
.card .pill { font-weight: 700; padding: 2px 12px; border-radius: 999px; font-size: .95rem; }
.pill.fake { background: #D55E00; color: #fff; } .pill.real { background: #0072B2; color: #fff; }
.pill.uncertain { background: #8a6d00; color: #fff; } .pill.none { background: #6b7280; color: #fff; }
.card .p { font-size: 1.5rem; font-variant-numeric: tabular-nums; }
.scale { position: relative; height: 10px; border-radius: 5px; margin: 8px 0 2px;
         background: linear-gradient(90deg, #0072B2, #c9ced6 50%, #D55E00); }
.scale .band { position: absolute; top: 0; bottom: 0; background: rgba(255, 255, 255, .55); }
.scale .mark { position: absolute; top: -4px; width: 4px; height: 18px; margin-left: -2px; border-radius: 2px;
               background: var(--body-text-color); }
.ends { display: flex; justify-content: space-between; font-size: .75rem; color: var(--body-text-color-subdued); }
.card dl { display: grid; grid-template-columns: 1fr auto; gap: 2px 12px; margin: 10px 0 0; font-size: .86rem; }
.card dt { color: var(--body-text-color-subdued); } .card dd { margin: 0; font-variant-numeric: tabular-nums; }
.card .why { font-size: .84rem; margin: 6px 0 0; }
.card.broken { --variant: #b91c1c; }
.note { border-left: 4px solid #0072B2; padding: 8px 12px; margin: 0; }
.note.error { border-color: #b91c1c; }
.small, .small p { font-size: .85rem !important; color: var(--body-text-color-subdued) !important; }
.stage { min-height: 54px; } .stage progress { width: 100%; height: 10px; accent-color: #0072B2; display: block; }
.heat { display: grid; gap: 6px; align-items: center; overflow-x: auto; }
.heat .name { font-weight: 600; font-size: .8rem; position: sticky; left: 0; background: var(--body-background-fill); }
.heat .time { font-size: .78rem; text-align: center; color: var(--body-text-color-subdued); }
.heat figure { margin: 0; } .heat img { width: 100%; border-radius: 6px; display: block; }
.strip { display: flex; gap: 4px; overflow-x: auto; padding: 4px 0 8px; width: 0; min-width: 100%; }
.strip button { flex: 0 0 64px; padding: 2px; border: 2px solid transparent; border-radius: 8px; background: none;
                cursor: pointer; color: var(--body-text-color-subdued); }
.strip button[aria-current] { border-color: var(--body-text-color); }
.strip figure { margin: 0; } .strip img { width: 100%; border-radius: 6px; display: block; }
.strip figcaption { font-size: .7rem; font-variant-numeric: tabular-nums; }
.moment { display: flex; flex-wrap: wrap; gap: 16px; align-items: flex-start; }
.moment .whole { flex: 1 1 280px; max-width: 480px; }
.moment .tiles { flex: 1 1 280px; display: grid; gap: 8px;
                 grid-template-columns: repeat(auto-fill, minmax(104px, 1fr)); }
.moment .tiles img { width: 100%; border-radius: 6px; display: block; }
.moment figcaption { font-size: .75rem; text-align: center; font-variant-numeric: tabular-nums; }
.moment figure { margin: 0; } .moment .whole img { width: 100%; border-radius: 8px; }
.playhead { position: absolute; width: 2px; background: var(--body-text-color); opacity: .7; pointer-events: none; }
.heat figcaption { font-size: .75rem; text-align: center; font-variant-numeric: tabular-nums; }
"""
