rule draw_figure:
    input:
        tables=get_figure_tables,
    output:
        chart="<results>/figures/{figure}.json",
        svg=report(
            "<results>/figures/{figure}.svg",
            caption="../report/figure.rst",
            category="Collapse",
            labels={"figure": "{figure}"},
        ),
        png="<results>/figures/{figure}.png",
        data="<results>/figures/{figure}.parquet",
        record="<records>/draw_figure/{figure}.json",
    log:
        "<logs>/draw_figure/{figure}.log",
    benchmark:
        "<benchmarks>/draw_figure/{figure}.tsv"
    conda:
        "../../envs/analysis.yaml"
    params:
        spec=get_figure_spec,
    shell:
        "python -m crest.jobs.draw_figure --spec {params.spec:q} --record {output.record:q}"
        " --tables {input.tables:q}"
        " --chart {output.chart:q} --svg {output.svg:q} --png {output.png:q}"
        " --data {output.data:q} > {log:q} 2>&1"
