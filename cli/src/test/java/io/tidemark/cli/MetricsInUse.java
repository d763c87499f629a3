package io.tidemark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.testkit.service.MetricsPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The expressions of the alerts and the dashboards in {@code deploy/}, and what a running system lacks of what they name. */
final class MetricsInUse {
    private static final Path DEPLOY = RunningCommand.HOME.resolve("deploy");
    private static final Path RUNBOOKS = RunningCommand.HOME.resolve("docs/runbooks");
    /** Prometheus makes these itself. */
    private static final Set<String> OF_PROMETHEUS = Set.of("up");

    private MetricsInUse() {}

    /** Every expression, by where it stands. */
    static Map<String, String> expressions() throws IOException {
        Map<String, String> expressions = new LinkedHashMap<>();
        alerts().forEach((alert, expression) -> expressions.put("alert " + alert, expression));
        try (Stream<Path> files = Files.list(DEPLOY.resolve("grafana"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".json")).toList()) {
                for (JsonNode panel : new ObjectMapper().readTree(file.toFile()).path("panels")) {
                    for (JsonNode target : panel.path("targets")) {
                        String where = file.getFileName() + ", " + panel.path("id") + " "
                                + panel.path("title").asText() + " "
                                + target.path("refId").asText();
                        expressions.put(where, target.path("expr").asText());
                    }
                }
            }
        }
        return expressions;
    }

    /** Alerts without a page among the runbooks, and pages without an alert. */
    static List<String> runbooksAmiss() throws IOException {
        Set<String> pages = new TreeSet<>();
        try (Stream<Path> files = Files.list(RUNBOOKS)) {
            files.map(file -> file.getFileName().toString().replace(".md", "")).forEach(pages::add);
        }
        pages.remove("README");
        Set<String> alerts = alerts().keySet();
        List<String> amiss = new ArrayList<>();
        alerts.stream().filter(alert -> !pages.contains(alert)).forEach(amiss::add);
        pages.stream().filter(page -> !alerts.contains(page)).forEach(amiss::add);
        return amiss;
    }

    /** What the pages of a running system lack of what an expression names, with the place of the expression. */
    static List<String> lacking(List<MetricsPage> pages) throws IOException {
        List<String> lacking = new ArrayList<>();
        expressions().forEach((where, expression) -> PromQl.metrics(expression).forEach((metric, labels) -> {
            Set<String> unknown = new TreeSet<>(labels);
            unknown.removeAll(Set.of("job", "instance"));
            pages.forEach(page -> unknown.removeAll(page.labels(metric)));
            boolean there = pages.stream().anyMatch(page -> page.has(metric));
            if (!OF_PROMETHEUS.contains(metric) && (!there || !unknown.isEmpty())) {
                lacking.add(where + ": " + (there ? metric + " has no label " + unknown : "no metric " + metric));
            }
        }));
        return lacking;
    }

    private static Map<String, String> alerts() throws IOException {
        Map<String, String> alerts = new LinkedHashMap<>();
        Object rules = new Load(LoadSettings.builder().build())
                .loadFromString(Files.readString(DEPLOY.resolve("prometheus/tidemark-rules.yml")));
        for (JsonNode group : new ObjectMapper().<JsonNode>valueToTree(rules).path("groups")) {
            for (JsonNode rule : group.path("rules")) {
                alerts.put(rule.path("alert").asText(), rule.path("expr").asText());
            }
        }
        return alerts;
    }
}
