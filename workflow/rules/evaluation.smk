rule evaluate_chain:
    input:
        problems=get_evaluation_problems,
        checkpoints=get_chain_checkpoints,
        decision=get_chain_decisions,
    output:
        evaluation="<results>/{study}/{model}/{method}/seed{seed}/evaluation.parquet",
        record="<records>/{study}/{model}/{method}/seed{seed}/evaluation.json",
    log:
        "<logs>/{study}/{model}/{method}/seed{seed}/evaluation.log",
    benchmark:
        "<benchmarks>/{study}/{model}/{method}/seed{seed}/evaluation.tsv"
    conda:
        "../../envs/train.yaml"
    threads: STUDY.runtime.threads
    params:
        spec=get_evaluation_spec,
    shell:
        "python -m crest.jobs.evaluate_chain --spec {params.spec:q} --record {output.record:q}"
        " --problems {input.problems:q}"
        " --checkpoints {input.checkpoints:q} --decision {input.decision:q}"
        " --evaluation {output.evaluation:q} > {log:q} 2>&1"


rule sample_pass_at_k:
    input:
        report=get_report_problems,
        model=get_chain_end,
    output:
        samples="<results>/{study}/{model}/{method}/seed{seed}/samples.parquet",
        record="<records>/{study}/{model}/{method}/seed{seed}/pass_at_k.json",
    log:
        "<logs>/{study}/{model}/{method}/seed{seed}/pass_at_k.log",
    benchmark:
        "<benchmarks>/{study}/{model}/{method}/seed{seed}/pass_at_k.tsv"
    conda:
        "../../envs/train.yaml"
    threads: STUDY.runtime.threads
    params:
        spec=get_chain_samples_spec,
    shell:
        "python -m crest.jobs.sample_pass_at_k --spec {params.spec:q} --record {output.record:q}"
        " --report {input.report:q}"
        " --model {input.model:q} --samples {output.samples:q} > {log:q} 2>&1"


use rule sample_pass_at_k as sample_base_pass_at_k with:
    input:
        report="<results>/tasks/report.parquet",
        model="<results>/models/{model}/seed{base_seed}/model/SHA256SUMS",
    output:
        samples="<results>/models/{model}/seed{base_seed}/samples.parquet",
        record="<records>/sample_base_pass_at_k/{model}/seed{base_seed}.json",
    log:
        "<logs>/sample_base_pass_at_k/{model}/seed{base_seed}.log",
    benchmark:
        "<benchmarks>/sample_base_pass_at_k/{model}/seed{base_seed}.tsv"
    params:
        spec=get_base_samples_spec,
