rule measure_stationarity:
    input:
        train="<results>/tasks/train.parquet",
        model=get_frozen_model,
    output:
        stationarity="<results>/stationarity/{model}/seed{seed}.parquet",
        record="<records>/measure_stationarity/{model}/seed{seed}.json",
    log:
        "<logs>/measure_stationarity/{model}/seed{seed}.log",
    benchmark:
        "<benchmarks>/measure_stationarity/{model}/seed{seed}.tsv"
    conda:
        "../../envs/train.yaml"
    threads: STUDY.runtime.threads
    params:
        spec=get_stationarity_spec,
    shell:
        "python -m crest.jobs.measure_stationarity --spec {params.spec:q} --record {output.record:q}"
        " --train {input.train:q} --model {input.model:q}"
        " --stationarity {output.stationarity:q}"
        " > {log:q} 2>&1"


rule repeat_evaluations:
    input:
        problems=get_report_problems,
        checkpoints=get_refereed_checkpoints,
    output:
        repeats="<results>/{study}/{model}/{method}/seed{seed}/repeats.parquet",
        record="<records>/{study}/{model}/{method}/seed{seed}/repeats.json",
    log:
        "<logs>/{study}/{model}/{method}/seed{seed}/repeats.log",
    benchmark:
        "<benchmarks>/{study}/{model}/{method}/seed{seed}/repeats.tsv"
    conda:
        "../../envs/train.yaml"
    threads: STUDY.runtime.threads
    params:
        spec=get_repeats_spec,
    shell:
        "python -m crest.jobs.repeat_evaluations --spec {params.spec:q} --record {output.record:q}"
        " --problems {input.problems:q} --checkpoints {input.checkpoints:q}"
        " --repeats {output.repeats:q}"
        " > {log:q} 2>&1"


rule evaluate_pools:
    input:
        train=get_train_problems,
        checkpoints=get_refereed_checkpoints,
    output:
        pools="<results>/{study}/{model}/{method}/seed{seed}/pools.parquet",
        record="<records>/{study}/{model}/{method}/seed{seed}/pools.json",
    log:
        "<logs>/{study}/{model}/{method}/seed{seed}/pools.log",
    benchmark:
        "<benchmarks>/{study}/{model}/{method}/seed{seed}/pools.tsv"
    conda:
        "../../envs/train.yaml"
    threads: STUDY.runtime.threads
    params:
        spec=get_pools_spec,
    shell:
        "python -m crest.jobs.evaluate_pools --spec {params.spec:q} --record {output.record:q}"
        " --train {input.train:q} --checkpoints {input.checkpoints:q}"
        " --pools {output.pools:q}"
        " > {log:q} 2>&1"


rule compare_labels:
    input:
        hidden="<results>/tasks/train.parquet",
        oracle="<results>/tasks/oracle/train.parquet",
        rollouts=get_chain_rollouts,
    output:
        labels="<results>/{study}/{model}/{method}/seed{seed}/labels.parquet",
        record="<records>/{study}/{model}/{method}/seed{seed}/labels.json",
    log:
        "<logs>/{study}/{model}/{method}/seed{seed}/labels.log",
    benchmark:
        "<benchmarks>/{study}/{model}/{method}/seed{seed}/labels.tsv"
    conda:
        "../../envs/train.yaml"
    threads: STUDY.runtime.threads
    params:
        spec=get_labels_spec,
    shell:
        "python -m crest.jobs.compare_labels --spec {params.spec:q} --record {output.record:q}"
        " --hidden {input.hidden:q} --oracle {input.oracle:q}"
        " --rollouts {input.rollouts:q} --labels {output.labels:q}"
        " > {log:q} 2>&1"


rule simulate_gate:
    output:
        simulations="<results>/care/simulations.parquet",
        record="<records>/simulate_gate.json",
    log:
        "<logs>/simulate_gate.log",
    benchmark:
        "<benchmarks>/simulate_gate.tsv"
    conda:
        "../../envs/analysis.yaml"
    params:
        spec=get_simulations_spec,
    shell:
        "python -m crest.jobs.simulate_gate --spec {params.spec:q} --record {output.record:q}"
        " --simulations {output.simulations:q}"
        " > {log:q} 2>&1"
