package io.tidemark.positions.console;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.tidemark.positions.recovery.HealthHistory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What one open page has been sent, so that only what changed is sent again. Used by one subscription. */
final class LiveFeed {
    private static final JsonMapper JSON = new JsonMapper();

    private final TemplateEngine templates;
    private final LiveState state;
    private final Map<String, StoreRow> sent = new HashMap<>();

    LiveFeed(TemplateEngine templates, LiveState state) {
        this.templates = templates;
        this.state = state;
    }

    /** The next message: the moment, the overview, changed rows by store, and the health of the last hour. */
    String next() {
        LiveState.Shown shown = state.now();
        ObjectNode message = JSON.createObjectNode();
        message.put("at", shown.at().toString());
        message.put("overview", render("overview.jte", Map.of("overview", shown.overview())));
        ObjectNode rows = message.putObject("rows");
        for (StoreRow row : shown.rows()) {
            if (!row.equals(sent.put(row.store(), row))) {
                rows.put(row.store(), render("row.jte", Map.of("row", row)));
            }
        }
        message.set("samples", samples(shown.samples()));
        return message.toString();
    }

    static ArrayNode samples(List<HealthHistory.Sample> samples) {
        ArrayNode json = JSON.createArrayNode();
        ArrayNode at = json.addArray();
        ArrayNode percent = json.addArray();
        for (HealthHistory.Sample sample : samples) {
            at.add(sample.at().toEpochMilli() / 1000.0);
            percent.add(sample.percent());
        }
        return json;
    }

    private String render(String template, Map<String, Object> model) {
        StringOutput output = new StringOutput();
        templates.render(template, model, output);
        return output.toString();
    }
}
