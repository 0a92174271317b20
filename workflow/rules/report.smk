rule build_report:
    input:
        figures=get_report_charts,
        tables=get_report_tables,
        learning_rates=f"<results>/pilot/{STUDY.study.model}/learning_rates.json",
        accepted=get_accepted,
    output:
        report=report("<results>/{grid}report.html", category="Report"),
        record="<records>/{grid}build_report.json",
    log:
        "<logs>/{grid}build_report.log",
    benchmark:
        "<benchmarks>/{grid}build_report.tsv"
    conda:
        "../../envs/analysis.yaml"
    params:
        spec=get_report_spec,
    shell:
        "python -m crest.jobs.build_report --spec {params.spec:q} --record {output.record:q}"
        " --figures {input.figures:q}"
        " --tables {input.tables:q} --learning-rates {input.learning_rates:q}"
        " --accepted {input.accepted:q} --report {output.report:q} > {log:q} 2>&1"
