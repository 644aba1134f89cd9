/// The looks of every page that Hone renders: one style sheet, no outside resource, light and dark
/// as the reader's system asks, and plain on paper.
public enum ReportStyle {
    public static let css = """
        :root { color-scheme: light dark;
          --page: #f6f6f4; --card: #ffffff; --ink: #1c2027; --dim: #5b6370; --rule: #dcdfe4; --accent: #1f5fa6;
          --band: rgba(31, 95, 166, .15); --old: #a9b1bd;
          --good: #14713f; --good-card: #e8f5ed; --warning: #8a4b00; --warning-card: #fdf3e1;
          --bad: #ab1f14; --bad-card: #fdeceb; }
        @media (prefers-color-scheme: dark) { :root {
          --page: #14171b; --card: #1c2026; --ink: #e7eaee; --dim: #9ba4b1; --rule: #343b45; --accent: #7fb5f0;
          --band: rgba(127, 181, 240, .18); --old: #667080;
          --good: #6fd49b; --good-card: #17291f; --warning: #eab35f; --warning-card: #2c2416;
          --bad: #f79288; --bad-card: #331c1b; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--page); color: var(--ink);
          font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; }
        main { max-width: 940px; margin: 0 auto; padding: 24px 20px 48px; }
        h1 { font-size: 1rem; font-weight: 600; margin: 0; }
        h2 { font-size: 1.1rem; margin: 0 0 4px; }
        h3 { font-size: .95rem; margin: 16px 0 4px; }
        p { margin: 0 0 8px; }
        a { color: var(--accent); }
        .note, .range, figcaption { color: var(--dim); font-size: .9rem; }
        header { display: flex; flex-wrap: wrap; gap: 4px 16px; justify-content: space-between; margin-bottom: 16px; }
        section { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; padding: 18px 20px;
          margin-bottom: 16px; overflow-wrap: anywhere; }
        .verdict { border-left-width: 6px; }
        .verdict .word { font-weight: 700; margin: 0 0 2px; }
        .verdict .sentence { font-size: 1.45rem; line-height: 1.3; font-weight: 600; margin: 0; }
        .stable.verdict { background: var(--good-card); border-color: var(--good); }
        .warning.verdict { background: var(--warning-card); border-color: var(--warning); }
        .drift.verdict { background: var(--bad-card); border-color: var(--bad); }
        .stable .word, .stable.state, .passed .sign { color: var(--good); }
        .warning .word, .warning.state, .warned .sign, .held .sign { color: var(--warning); }
        .drift .word, .drift.state, .failed .sign { color: var(--bad); }
        .skipped .sign { color: var(--dim); }
        dl.answers { display: grid; grid-template-columns: 12em 1fr; gap: 8px 16px; margin: 0; }
        dl.answers dt { font-weight: 600; }
        dl.answers dd { margin: 0; }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(140px, 1fr)); gap: 16px; }
        .tile b { display: block; font-size: 1.6rem; line-height: 1.2; font-weight: 600; }
        .tile span { display: block; color: var(--dim); font-size: .9rem; }
        figure { margin: 8px 0 0; }
        svg { display: block; max-width: 100%; height: auto; font: 12px system-ui, "DejaVu Sans", sans-serif; }
        svg.narrow, .narrow svg { display: none; }
        .grid { stroke: var(--rule); } .tick, .name, .value { fill: var(--dim); }
        .tick { text-anchor: middle; } .tick.y, .name { text-anchor: end; }
        .name { fill: var(--ink); }
        .band { fill: var(--band); } .curve { fill: none; stroke: var(--accent); stroke-width: 2; stroke-linejoin: round; }
        .dot { fill: var(--accent); } .promise { stroke: var(--dim); stroke-width: 1.5; stroke-dasharray: 5 4; }
        .before { fill: var(--old); } .now { fill: var(--accent); }
        .event line { stroke: var(--dim); stroke-dasharray: 2 3; } .event circle { fill: var(--dim); }
        .event text { fill: var(--card); text-anchor: middle; font-weight: 700; font-size: 11px; }
        .event.alarm line, .event.failure line { stroke: var(--bad); }
        .event.alarm circle, .event.failure circle { fill: var(--bad); }
        .event.promotion line { stroke: var(--good); } .event.promotion circle { fill: var(--good); }
        .event.change line, .event.refusal line, .event.rollback line { stroke: var(--warning); }
        .event.change circle, .event.refusal circle, .event.rollback circle { fill: var(--warning); }
        .event.retrain line { stroke: var(--accent); } .event.retrain circle { fill: var(--accent); }
        .key { display: flex; flex-wrap: wrap; gap: 4px 16px; margin: 6px 0 0; padding: 0; list-style: none; font-size: .9rem; }
        .badge { min-width: 30px; } .badge svg { margin-top: 2px; max-width: none; overflow: visible; }
        .key li, .key svg { display: inline-flex; align-items: center; } .key svg { margin-right: 5px; flex: none; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font-size: .95rem; }
        th { text-align: left; font-weight: 600; color: var(--dim); font-size: .85rem; }
        th, td { padding: 5px 12px 5px 0; border-bottom: 1px solid var(--rule); vertical-align: top; }
        td, th { overflow-wrap: break-word; } td:first-child:not([colspan]) { min-width: 6em; max-width: 24em; }
        tr:last-child > * { border-bottom: 0; }
        .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        .time { white-space: nowrap; font-variant-numeric: tabular-nums; color: var(--dim); }
        .meter { width: 120px; height: 10px; margin-top: 7px; } .meter .track { fill: var(--rule); }
        .stable .fill { fill: var(--good); } .warning .fill { fill: var(--warning); } .drift .fill { fill: var(--bad); }
        ul.checks { list-style: none; margin: 8px 0 0; padding: 0; }
        ul.checks li { display: grid; grid-template-columns: 1.4em 8em 1fr; gap: 0 8px; padding: 3px 0; }
        ul.checks .sign { font-weight: 700; }
        details summary { cursor: pointer; font-weight: 600; }
        details dl { margin: 8px 0 0; } details dt { font-weight: 600; } details dd { margin: 0 0 8px; }
        footer { color: var(--dim); font-size: .85rem; }
        @media (max-width: 600px) {
          main { padding: 16px 12px 32px; } section { padding: 14px; }
          dl.answers { grid-template-columns: 1fr; gap: 2px; } dl.answers dd { margin-bottom: 8px; }
          .verdict .sentence { font-size: 1.2rem; }
          ul.checks li { grid-template-columns: 1.4em 1fr; } ul.checks .statement { grid-column: 2; }
          .wide svg { display: none; } .narrow svg { display: block; }
          .stack tr { display: block; border-bottom: 1px solid var(--rule); padding: 6px 0; }
          .stack td { display: block; border: 0; padding: 0; }
          .stack td.time, .stack td.badge { display: inline-block; vertical-align: middle; margin-right: 8px; }
          .note, .range { font-size: .85rem; } }
        @media print { :root { --page: #fff; --card: #fff; --ink: #000; --dim: #444; --rule: #bbb; --accent: #1f5fa6;
            --band: rgba(31, 95, 166, .15); --old: #a9b1bd; --good: #14713f; --warning: #8a4b00; --bad: #ab1f14;
            --good-card: #fff; --warning-card: #fff; --bad-card: #fff; }
          body { font-size: 10pt; } main { max-width: none; padding: 0; } section { padding: 12px 14px; }
          .verdict, .tiles, section:has(figure), tr, li { break-inside: avoid; } h2, h3, dt { break-after: avoid; }
          p, dd { orphans: 3; widows: 3; }
          details::details-content { content-visibility: visible; block-size: auto; }
          section { border-radius: 0; } .scroll { overflow: visible; } }
        """
}
