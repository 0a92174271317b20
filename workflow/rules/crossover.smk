rule make_banks:
    output:
        easy="<results>/crossover/tasks/easy.parquet",
        hard="<results>/crossover/tasks/hard.parquet",
        record="<records>/make_banks.json",
    log:
        "<logs>/make_banks.log",
    benchmark:
        "<benchmarks>/make_banks.tsv"
    conda:
        "../../envs/train.yaml"
    params:
        spec=get_banks_spec,
    shell:
        "python -m crest.jobs.make_banks --spec {params.spec:q} --record {output.record:q}"
        " --easy {output.easy:q} --hard {output.hard:q} > {log:q} 2>&1"


rule make_pool:
    input:
        easy="<results>/crossover/tasks/easy.parquet",
        hard="<results>/crossover/tasks/hard.parquet",
    output:
        pool="<results>/crossover/pools/{pool}/tasks.parquet",
        disjoint="<results>/crossover/pools/{pool}/disjoint.parquet",
        record="<records>/make_pool/{pool}.json",
    log:
        "<logs>/make_pool/{pool}.log",
    benchmark:
        "<benchmarks>/make_pool/{pool}.tsv"
    conda:
        "../../envs/train.yaml"
    params:
        spec=get_pool_spec,
    shell:
        "python -m crest.jobs.make_pool --spec {params.spec:q} --record {output.record:q}"
        " --easy {input.easy:q} --hard {input.hard:q}"
        " --pool {output.pool:q} --disjoint {output.disjoint:q} > {log:q} 2>&1"


rule train_generator:
    input:
        easy="<results>/crossover/tasks/easy.parquet",
        hard="<results>/crossover/tasks/hard.parquet",
    output:
        model="<results>/crossover/base/seed{base_seed}/model/SHA256SUMS",
        disjoint="<results>/crossover/base/seed{base_seed}/disjoint.parquet",
        record="<records>/train_generator/seed{base_seed}.json",
    log:
        "<logs>/train_generator/seed{base_seed}.log",
    benchmark:
        "<benchmarks>/train_generator/seed{base_seed}.tsv"
    conda:
        "../../envs/train.yaml"
    threads: STUDY.runtime.threads
    params:
        spec=get_generator_spec,
    shell:
        "python -m crest.jobs.train_generator --spec {params.spec:q} --record {output.record:q}"
        " --easy {input.easy:q} --hard {input.hard:q}"
        " --model {output.model:q} --disjoint {output.disjoint:q} > {log:q} 2>&1"


rule sample_banks:
    input:
        easy="<results>/crossover/tasks/easy.parquet",
        hard="<results>/crossover/tasks/hard.parquet",
        model="<results>/crossover/star/{recipe}/trajectory{seed}/round{round}/model/SHA256SUMS",
    output:
        samples="<results>/crossover/star/{recipe}/trajectory{seed}/round{round}/samples.parquet",
        record="<records>/sample_banks/{recipe}/trajectory{seed}/round{round}.json",
    log:
        "<logs>/sample_banks/{recipe}/trajectory{seed}/round{round}.log",
    benchmark:
        "<benchmarks>/sample_banks/{recipe}/trajectory{seed}/round{round}.tsv"
    conda:
        "../../envs/train.yaml"
    threads: STUDY.runtime.threads
    params:
        spec=get_round_samples_spec,
    shell:
        "python -m crest.jobs.sample_banks --spec {params.spec:q} --record {output.record:q}"
        " --easy {input.easy:q} --hard {input.hard:q} --model {input.model:q}"
        " --samples {output.samples:q} > {log:q} 2>&1"


use rule sample_banks as sample_banks_by_base with:
    input:
        easy="<results>/crossover/tasks/easy.parquet",
        hard="<results>/crossover/tasks/hard.parquet",
        model="<results>/crossover/base/seed{base_seed}/model/SHA256SUMS",
    output:
        samples="<results>/crossover/base/seed{base_seed}/samples.parquet",
        record="<records>/sample_banks/base/seed{base_seed}.json",
    log:
        "<logs>/sample_banks/base/seed{base_seed}.log",
    benchmark:
        "<benchmarks>/sample_banks/base/seed{base_seed}.tsv"
    params:
        spec=get_generator_samples_spec,


rule run_round:
    input:
        pool="<results>/crossover/pools/trajectory{seed}/tasks.parquet",
        sampler=get_round_sampler,
        start=get_round_start,
    output:
        model="<results>/crossover/star/{recipe}/trajectory{seed}/round{round}/model/SHA256SUMS",
        harvest="<results>/crossover/star/{recipe}/trajectory{seed}/round{round}/harvest.parquet",
        record="<records>/run_round/{recipe}/trajectory{seed}/round{round}.json",
    log:
        "<logs>/run_round/{recipe}/trajectory{seed}/round{round}.log",
    benchmark:
        "<benchmarks>/run_round/{recipe}/trajectory{seed}/round{round}.tsv"
    conda:
        "../../envs/train.yaml"
    threads: STUDY.runtime.threads
    params:
        spec=get_round_spec,
    shell:
        "python -m crest.jobs.run_round --spec {params.spec:q} --record {output.record:q}"
        " --pool {input.pool:q} --sampler {input.sampler:q} --start {input.start:q}"
        " --model {output.model:q} --harvest {output.harvest:q} > {log:q} 2>&1"


rule draw_candidates:
    input:
        pool="<results>/crossover/pools/split{seed}/tasks.parquet",
        easy="<results>/crossover/tasks/easy.parquet",
        hard="<results>/crossover/tasks/hard.parquet",
        model=get_split_model,
    output:
        candidates="<results>/crossover/selection/split{seed}/candidates.parquet",
        trials="<results>/crossover/selection/split{seed}/trials.parquet",
        record="<records>/draw_candidates/split{seed}.json",
    log:
        "<logs>/draw_candidates/split{seed}.log",
    benchmark:
        "<benchmarks>/draw_candidates/split{seed}.tsv"
    conda:
        "../../envs/train.yaml"
    threads: STUDY.runtime.threads
    params:
        spec=get_candidates_spec,
    shell:
        "python -m crest.jobs.draw_candidates --spec {params.spec:q} --record {output.record:q}"
        " --pool {input.pool:q} --easy {input.easy:q} --hard {input.hard:q}"
        " --model {input.model:q} --candidates {output.candidates:q} --trials {output.trials:q}"
        " > {log:q} 2>&1"


rule train_critic:
    input:
        pool="<results>/crossover/pools/split{seed}/tasks.parquet",
        candidates="<results>/crossover/selection/split{seed}/candidates.parquet",
        trials="<results>/crossover/selection/split{seed}/trials.parquet",
        model=get_split_model,
    output:
        critic="<results>/crossover/selection/split{seed}/critic{num_tasks}/model/SHA256SUMS",
        scores="<results>/crossover/selection/split{seed}/critic{num_tasks}/scores.parquet",
        record="<records>/train_critic/split{seed}/critic{num_tasks}.json",
    log:
        "<logs>/train_critic/split{seed}/critic{num_tasks}.log",
    benchmark:
        "<benchmarks>/train_critic/split{seed}/critic{num_tasks}.tsv"
    conda:
        "../../envs/train.yaml"
    threads: STUDY.runtime.threads
    params:
        spec=get_critic_spec,
    shell:
        "python -m crest.jobs.train_critic --spec {params.spec:q} --record {output.record:q}"
        " --pool {input.pool:q} --candidates {input.candidates:q} --trials {input.trials:q}"
        " --model {input.model:q} --critic {output.critic:q} --scores {output.scores:q}"
        " > {log:q} 2>&1"


rule pick_candidates:
    input:
        easy="<results>/crossover/tasks/easy.parquet",
        hard="<results>/crossover/tasks/hard.parquet",
        trials="<results>/crossover/selection/split{seed}/trials.parquet",
        critics=get_critic_scores,
    output:
        picks="<results>/crossover/selection/split{seed}/picks.parquet",
        scores="<results>/crossover/selection/split{seed}/scores.parquet",
        record="<records>/pick_candidates/split{seed}.json",
    log:
        "<logs>/pick_candidates/split{seed}.log",
    benchmark:
        "<benchmarks>/pick_candidates/split{seed}.tsv"
    conda:
        "../../envs/analysis.yaml"
    params:
        spec=get_picks_spec,
    shell:
        "python -m crest.jobs.pick_candidates --spec {params.spec:q} --record {output.record:q}"
        " --easy {input.easy:q} --hard {input.hard:q}"
        " --trials {input.trials:q} --critics {input.critics:q}"
        " --picks {output.picks:q} --scores {output.scores:q} > {log:q} 2>&1"
