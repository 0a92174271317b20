rule make_tasks:
    output:
        train="<results>/tasks/train.parquet",
        select="<results>/tasks/select.parquet",
        report="<results>/tasks/report.parquet",
        mutation="<results>/tasks/mutation.parquet",
        record="<records>/make_tasks.json",
    log:
        "<logs>/make_tasks.log",
    benchmark:
        "<benchmarks>/make_tasks.tsv"
    conda:
        "../../envs/train.yaml"
    params:
        spec=PLAN.make_tasks(),
    shell:
        "python -m crest.jobs.make_tasks --spec {params.spec:q} --record {output.record:q}"
        " --train {output.train:q}"
        " --select {output.select:q} --report {output.report:q} --mutation {output.mutation:q}"
        " > {log:q} 2>&1"
