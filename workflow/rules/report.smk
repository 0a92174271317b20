rule build_report:
    input:
        figures=PLAN.report_figures(),
        tables=PLAN.report_tables(),
        learning_rates="<results>/pilot/learning_rates.json",
        accepted=get_accepted,
    output:
        report=report("<results>/report.html", category="Report"),
        record="<records>/build_report.json",
    log:
        "<logs>/build_report.log",
    benchmark:
        "<benchmarks>/build_report.tsv"
    conda:
        "../../envs/analysis.yaml"
    params:
        spec=PLAN.build_report(),
    shell:
        "python -m crest.jobs.build_report --spec {params.spec:q} --record {output.record:q}"
        " --figures {input.figures:q}"
        " --tables {input.tables:q} --learning-rates {input.learning_rates:q}"
        " --accepted {input.accepted:q} --report {output.report:q} > {log:q} 2>&1"
