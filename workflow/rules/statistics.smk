rule choose_learning_rates:
    input:
        evaluations=get_pilot_evaluations,
    output:
        choice="<results>/pilot/{model}/learning_rates.json",
        table="<results>/pilot/{model}/learning_rates.parquet",
        record="<records>/choose_learning_rates/{model}.json",
    log:
        "<logs>/choose_learning_rates/{model}.log",
    benchmark:
        "<benchmarks>/choose_learning_rates/{model}.tsv"
    conda:
        "../../envs/analysis.yaml"
    params:
        spec=get_choice_spec,
    shell:
        "python -m crest.jobs.choose_learning_rates --spec {params.spec:q} --record {output.record:q}"
        " --evaluations {input.evaluations:q} --choice {output.choice:q}"
        " --table {output.table:q} > {log:q} 2>&1"


rule collect_table:
    input:
        parts=get_table_parts,
    output:
        table="<results>/{collection}/{table}.parquet",
        record="<records>/{collection}/collect_table/{table}.json",
    log:
        "<logs>/{collection}/collect_table/{table}.log",
    benchmark:
        "<benchmarks>/{collection}/collect_table/{table}.tsv"
    wildcard_constraints:
        table="|".join(
            sorted(
                {table for each in COLLECTIONS for table in collected_tables(each)}
                - {"decisions"}
            )
        ),
    conda:
        "../../envs/analysis.yaml"
    params:
        spec=get_table_spec,
    shell:
        "python -m crest.jobs.collect_table --spec {params.spec:q} --record {output.record:q}"
        " --parts {input.parts:q}"
        " --table {output.table:q} > {log:q} 2>&1"


rule collect_decisions:
    input:
        parts=get_decision_parts,
    output:
        table="<results>/{collection}/decisions.parquet",
        record="<records>/{collection}/collect_decisions.json",
    log:
        "<logs>/{collection}/collect_decisions.log",
    benchmark:
        "<benchmarks>/{collection}/collect_decisions.tsv"
    conda:
        "../../envs/analysis.yaml"
    params:
        spec=get_decisions_spec,
    shell:
        "python -m crest.jobs.collect_decisions --spec {params.spec:q} --record {output.record:q}"
        " --parts {input.parts:q}"
        " --table {output.table:q} > {log:q} 2>&1"


rule compute_statistic:
    input:
        tables=get_statistic_tables,
    output:
        statistic="<results>/{grid}statistics/{statistic}.parquet",
        record="<records>/{grid}compute_statistic/{statistic}.json",
    log:
        "<logs>/{grid}compute_statistic/{statistic}.log",
    benchmark:
        "<benchmarks>/{grid}compute_statistic/{statistic}.tsv"
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
        tables=get_claim_tables,
    output:
        claims="<results>/{grid}claims.parquet",
        record="<records>/{grid}judge_claims.json",
    log:
        "<logs>/{grid}judge_claims.log",
    benchmark:
        "<benchmarks>/{grid}judge_claims.tsv"
    conda:
        "../../envs/analysis.yaml"
    params:
        spec=get_claims_spec,
    shell:
        "python -m crest.jobs.judge_claims --spec {params.spec:q} --record {output.record:q}"
        " --tables {input.tables:q}"
        " --claims {output.claims:q} > {log:q} 2>&1"
