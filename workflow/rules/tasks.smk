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


rule make_oracle:
    input:
        train="<results>/tasks/train.parquet",
        select="<results>/tasks/select.parquet",
        report="<results>/tasks/report.parquet",
    output:
        oracle_train="<results>/tasks/oracle/train.parquet",
        oracle_select="<results>/tasks/oracle/select.parquet",
        oracle_report="<results>/tasks/oracle/report.parquet",
        domains="<results>/tasks/oracle/domains.parquet",
        record="<records>/make_oracle.json",
    log:
        "<logs>/make_oracle.log",
    benchmark:
        "<benchmarks>/make_oracle.tsv"
    conda:
        "../../envs/train.yaml"
    params:
        spec=get_oracle_spec,
    shell:
        "python -m crest.jobs.make_oracle --spec {params.spec:q} --record {output.record:q}"
        " --train {input.train:q} --select {input.select:q}"
        " --report {input.report:q} --oracle-train {output.oracle_train:q}"
        " --oracle-select {output.oracle_select:q} --oracle-report {output.oracle_report:q}"
        " --domains {output.domains:q}"
        " > {log:q} 2>&1"
