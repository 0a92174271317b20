from crest.digest import code_closure


def test_programs_started_as_files_count_in_the_digest_of_jobs_that_grade():
    choices = {"crest.control": [], "crest.learning.objectives": []}
    symbols = code_closure("crest.jobs.run_campaign:main", choices).symbols
    assert "crest.grading.sandbox:inside/zygote.py" in symbols


def test_templates_count_in_the_digest_of_the_report():
    symbols = code_closure("crest.jobs.build_report:main", {"crest.figures": []}).symbols
    assert "crest.report.page:page.html" in symbols
