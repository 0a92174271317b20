rule audit_grader:
    input:
        problems="<results>/tasks/train.parquet",
        rollouts=in_results(FILES.audit_rollouts()),
    output:
        regrades="<results>/grader/regrades.parquet",
        record="<records>/audit_grader.json",
    log:
        "<logs>/audit_grader.log",
    benchmark:
        "<benchmarks>/audit_grader.tsv"
    conda:
        "../../envs/train.yaml"
    threads: workflow.cores
    params:
        spec=PLAN.audit_grader(),
    shell:
        "python -m crest.jobs.audit_grader --spec {params.spec:q} --record {output.record:q}"
        " --problems {input.problems:q}"
        " --rollouts {input.rollouts:q} --regrades {output.regrades:q} > {log:q} 2>&1"
