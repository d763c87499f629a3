package io.tidemark.positions.console;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.tidemark.positions.lag.LagReport;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What one open lag page has been sent, so that only what changed is sent again. Used by one subscription. */
final class LagFeed {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int SAMPLES_SELDOM = 20;

    private final TemplateEngine templates;
    private final LagView view;
    private final LagView.Picked picked;
    private final Map<String, LagRow> sent = new HashMap<>();
    private int messages;

    LagFeed(TemplateEngine templates, LagView view, LagView.Picked picked) {
        this.templates = templates;
        this.view = view;
        this.picked = picked;
    }

    /** The next message: the moment, the overview, rows that changed and that are gone, and now and then the history. */
    String next() {
        LagReport report = view.report();
        ObjectNode message = JSON.createObjectNode();
        message.put("at", report.at().toString());
        message.put(
                "overview",
                render(
                        "lagoverview.jte",
                        Map.of("report", report, "counts", LagView.counts(report), "problem", view.problem())));
        ObjectNode rows = message.putObject("rows");
        Set<String> there = new HashSet<>();
        List<LagRow> all = LagRow.of(report, picked.group());
        for (LagRow row : all) {
            there.add(row.key());
            if (!row.equals(sent.put(row.key(), row))) {
                rows.put(row.key(), render("lagrow.jte", Map.of("row", row)));
            }
        }
        ArrayNode gone = message.putArray("gone");
        sent.keySet().stream().filter(key -> !there.contains(key)).forEach(gone::add);
        sent.keySet().retainAll(there);
        if (messages++ % SAMPLES_SELDOM == 0) {
            message.set("samples", view.samples(view.drawn(picked)));
        }
        return message.toString();
    }

    private String render(String template, Map<String, Object> model) {
        StringOutput output = new StringOutput();
        templates.render(template, model, output);
        return output.toString();
    }
}
