rule choose_learning_rates:
    input:
        evaluations=get_pilot_evaluations,
    output:
        choice="<results>/pilot/learning_rates.json",
        table="<results>/pilot/learning_rates.parquet",
        record="<records>/choose_learning_rates.json",
    log:
        "<logs>/choose_learning_rates.log",
    benchmark:
        "<benchmarks>/choose_learning_rates.tsv"
    conda:
        "../../envs/analysis.yaml"
    params:
        spec=PLAN.choose_learning_rates(),
    shell:
        "python -m crest.jobs.choose_learning_rates --spec {params.spec:q} --record {output.record:q}"
        " --evaluations {input.evaluations:q} --choice {output.choice:q}"
        " --table {output.table:q} > {log:q} 2>&1"


rule collect_table:
    input:
        parts=get_table_parts,
    output:
        table="<results>/collapse/{table}.parquet",
        record="<records>/collect_table/{table}.json",
    log:
        "<logs>/collect_table/{table}.log",
    benchmark:
        "<benchmarks>/collect_table/{table}.tsv"
    wildcard_constraints:
        table="steps|select|evaluation|samples",
    conda:
        "../../envs/analysis.yaml"
    params:
        spec=get_table_spec,
    shell:
        "python -m crest.jobs.collect_table --spec {params.spec:q} --record {output.record:q}"
        " --parts {input.parts:q}"
        " --table {output.table:q} > {log:q} 2>&1"


rule compute_statistic:
    input:
        tables=get_statistic_tables,
    output:
        statistic="<results>/statistics/{statistic}.parquet",
        record="<records>/compute_statistic/{statistic}.json",
    log:
        "<logs>/compute_statistic/{statistic}.log",
    benchmark:
        "<benchmarks>/compute_statistic/{statistic}.tsv"
    conda:
        "../../envs/analysis.yaml"
    params:
        spec=get_statistic_spec,
    shell:
        "python -m crest.jobs.compute_statistic --spec {params.spec:q} --record {output.record:q}"
        " --tables {input.tables:q}"
        " --statistic {output.statistic:q} > {log:q} 2>&1"


rule judge_claims:
    input:
        tables=PLAN.claim_tables(),
    output:
        claims="<results>/claims.parquet",
        record="<records>/judge_claims.json",
    log:
        "<logs>/judge_claims.log",
    benchmark:
        "<benchmarks>/judge_claims.tsv"
    conda:
        "../../envs/analysis.yaml"
    params:
        spec=PLAN.judge_claims(),
    shell:
        "python -m crest.jobs.judge_claims --spec {params.spec:q} --record {output.record:q}"
        " --tables {input.tables:q}"
        " --claims {output.claims:q} > {log:q} 2>&1"
