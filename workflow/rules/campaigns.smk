rule run_campaign:
    input:
        train="<results>/tasks/train.parquet",
        select="<results>/tasks/select.parquet",
        start=get_start_model,
        base=get_base_model,
        history=get_history,
        learning_rates=get_learning_rates,
    output:
        start=directory(
            "<results>/{study}/{method}/seed{seed}/campaign{campaign}/start"
        ),
        peak=directory("<results>/{study}/{method}/seed{seed}/campaign{campaign}/peak"),
        end=directory("<results>/{study}/{method}/seed{seed}/campaign{campaign}/end"),
        next=directory("<results>/{study}/{method}/seed{seed}/campaign{campaign}/next"),
        steps="<results>/{study}/{method}/seed{seed}/campaign{campaign}/steps.parquet",
        monitor="<results>/{study}/{method}/seed{seed}/campaign{campaign}/select.parquet",
        rollouts="<results>/{study}/{method}/seed{seed}/campaign{campaign}/rollouts.parquet",
        decision="<results>/{study}/{method}/seed{seed}/campaign{campaign}/decision.json",
    log:
        "<logs>/{study}/{method}/seed{seed}/campaign{campaign}.log",
    benchmark:
        "<benchmarks>/{study}/{method}/seed{seed}/campaign{campaign}.tsv"
    conda:
        "../../envs/train.yaml"
    threads: STUDY.runtime.threads
    params:
        spec=get_campaign_spec,
    shell:
        "python -m crest.jobs.run_campaign --spec {params.spec:q} --train {input.train:q}"
        " --select {input.select:q} --start-model {input.start:q} --base {input.base:q}"
        " --history {input.history:q} --learning-rates {input.learning_rates:q}"
        " --start {output.start:q} --peak {output.peak:q} --end {output.end:q}"
        " --next {output.next:q} --steps {output.steps:q} --monitor {output.monitor:q}"
        " --rollouts {output.rollouts:q} --decision {output.decision:q} > {log:q} 2>&1"
