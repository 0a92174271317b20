rule train_base:
    input:
        train="<results>/tasks/train.parquet",
        select="<results>/tasks/select.parquet",
        report="<results>/tasks/report.parquet",
    output:
        model="<results>/models/{model}/seed{base_seed}/model/SHA256SUMS",
        record="<records>/train_base/{model}/seed{base_seed}.json",
    log:
        "<logs>/train_base/{model}/seed{base_seed}.log",
    benchmark:
        "<benchmarks>/train_base/{model}/seed{base_seed}.tsv"
    conda:
        "../../envs/train.yaml"
    threads: STUDY.runtime.threads
    params:
        spec=get_base_spec,
    shell:
        "python -m crest.jobs.train_base --spec {params.spec:q} --record {output.record:q}"
        " --train {input.train:q}"
        " --select {input.select:q} --report {input.report:q} --model {output.model:q}"
        " > {log:q} 2>&1"
