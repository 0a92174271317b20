rule run_campaign:
    input:
        train=get_train_problems,
        select=get_select_problems,
        start=get_start_model,
        base=get_base_model,
        history=get_history,
        earlier=get_earlier_models,
        learning_rates=get_learning_rates,
    output:
        start="<results>/{study}/{model}/{method}/seed{seed}/campaign{campaign}/start/SHA256SUMS",
        peak="<results>/{study}/{model}/{method}/seed{seed}/campaign{campaign}/peak/SHA256SUMS",
        end="<results>/{study}/{model}/{method}/seed{seed}/campaign{campaign}/end/SHA256SUMS",
        next="<results>/{study}/{model}/{method}/seed{seed}/campaign{campaign}/next/SHA256SUMS",
        steps="<results>/{study}/{model}/{method}/seed{seed}/campaign{campaign}/steps.parquet",
        monitor="<results>/{study}/{model}/{method}/seed{seed}/campaign{campaign}/select.parquet",
        rollouts="<results>/{study}/{model}/{method}/seed{seed}/campaign{campaign}/rollouts.parquet",
        decision="<results>/{study}/{model}/{method}/seed{seed}/campaign{campaign}/decision.json",
        record="<records>/{study}/{model}/{method}/seed{seed}/campaign{campaign}.json",
    log:
        "<logs>/{study}/{model}/{method}/seed{seed}/campaign{campaign}.log",
    benchmark:
        "<benchmarks>/{study}/{model}/{method}/seed{seed}/campaign{campaign}.tsv"
    conda:
        "../../envs/train.yaml"
    threads: STUDY.runtime.threads
    params:
        spec=get_campaign_spec,
    shell:
        "python -m crest.jobs.run_campaign --spec {params.spec:q} --record {output.record:q}"
        " --train {input.train:q}"
        " --select {input.select:q} --start-model {input.start:q} --base {input.base:q}"
        " --history {input.history:q} --earlier {input.earlier:q} --learning-rates {input.learning_rates:q}"
        " --start {output.start:q} --peak {output.peak:q} --end {output.end:q}"
        " --next {output.next:q} --steps {output.steps:q} --monitor {output.monitor:q}"
        " --rollouts {output.rollouts:q} --decision {output.decision:q} > {log:q} 2>&1"
