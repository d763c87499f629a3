package io.tidemark.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The alerts, their pages among the runbooks, and what each does when its symptom comes. */
class AlertsTest {
    private static final Path PROMETHEUS = Yaml.DEPLOY.resolve("prometheus");
    private static final Path RUNBOOKS = Yaml.ROOT.resolve("docs/runbooks");
    private static final String RULES = "tidemark-rules.yml";
    private static final String TEST = "tidemark-rules.test.yml";

    @Test
    void eachRunbookQuotesItsAlertAsItIs() throws IOException {
        String contents = Files.readString(RUNBOOKS.resolve("README.md"));
        for (JsonNode rule : rules()) {
            String name = rule.path("alert").asText();
            String severity = rule.path("labels").path("severity").asText();
            assertThat(RUNBOOKS.resolve(name + ".md"))
                    .content()
                    .startsWith("# " + name + "\n")
                    .contains("```\n" + rule.path("expr").asText() + "\n```\nfor "
                            + rule.path("for").asText() + "; severity `" + severity + "`.");
            assertThat(contents).contains("| [" + name + "](" + name + ".md) | " + severity + " | ");
            assertThat(rule.path("annotations").path("runbook").asText()).isEqualTo("docs/runbooks/" + name + ".md");
        }
    }

    @Test
    void eachAlertHasATestOfItsSymptom() throws IOException {
        List<String> tested = new ArrayList<>();
        Yaml.of(PROMETHEUS.resolve(TEST))
                .path("tests")
                .forEach(test -> tested.add(test.path("name").asText()));
        List<String> alerts = new ArrayList<>();
        rules().forEach(rule -> alerts.add(rule.path("alert").asText()));
        assertThat(tested).containsExactlyInAnyOrderElementsOf(alerts);
    }

    @Test
    void prometheusItselfFindsTheRulesRightAndEachFires() throws Exception {
        Tool promtool = Tool.orSkip("promtool", "prometheus");
        assertGood(promtool.run(PROMETHEUS, "check", "config", "--syntax-only", "prometheus.yml"));
        assertGood(promtool.run(PROMETHEUS, "check", "rules", RULES));
        assertGood(promtool.run(PROMETHEUS, "test", "rules", TEST));
    }

    @Test
    void anAlertThatNoLongerFiresIsNoticed(@TempDir Path folder) throws Exception {
        Tool promtool = Tool.orSkip("promtool", "prometheus");
        Files.copy(PROMETHEUS.resolve(TEST), folder.resolve(TEST));
        String rules = Files.readString(PROMETHEUS.resolve(RULES));
        assertThat(rules).contains("stalled|stopped");
        Files.writeString(folder.resolve(RULES), rules.replace("stalled|stopped", "stalled"));
        Tool.Said said = promtool.run(folder, "test", "rules", TEST);
        assertThat(said.exitCode()).as(said.words()).isEqualTo(1);
        assertThat(said.words()).contains("alertname: TidemarkGroupsStuck");
    }

    private static void assertGood(Tool.Said said) {
        assertThat(said.exitCode()).as(said.words()).isZero();
    }

    private static List<JsonNode> rules() throws IOException {
        List<JsonNode> rules = new ArrayList<>();
        Yaml.of(PROMETHEUS.resolve(RULES)).path("groups").forEach(group -> group.path("rules")
                .forEach(rules::add));
        assertThat(rules).hasSizeGreaterThan(20);
        return rules;
    }
}
