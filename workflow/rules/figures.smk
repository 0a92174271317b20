rule draw_figure:
    input:
        tables=get_figure_tables,
    output:
        chart="<results>/{grid}figures/{figure}.json",
        svg=report(
            "<results>/{grid}figures/{figure}.svg",
            caption="../report/figure.rst",
            category="Collapse",
            labels={"figure": "{figure}", "grid": "{grid}"},
        ),
        png="<results>/{grid}figures/{figure}.png",
        data="<results>/{grid}figures/{figure}.parquet",
        record="<records>/{grid}draw_figure/{figure}.json",
    log:
        "<logs>/{grid}draw_figure/{figure}.log",
    benchmark:
        "<benchmarks>/{grid}draw_figure/{figure}.tsv"
    conda:
        "../../envs/analysis.yaml"
    params:
        spec=get_figure_spec,
    shell:
        "python -m crest.jobs.draw_figure --spec {params.spec:q} --record {output.record:q}"
        " --tables {input.tables:q}"
        " --chart {output.chart:q} --svg {output.svg:q} --png {output.png:q}"
        " --data {output.data:q} > {log:q} 2>&1"
