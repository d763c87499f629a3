package io.tidemark.core.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** The reference tables of docs/pipeline-file.md, made from the schema. */
final class PipelineReference {
    private final JsonNode schema;

    PipelineReference(JsonNode schema) {
        this.schema = schema;
    }

    String text() {
        StringBuilder text = new StringBuilder();
        Map<String, String> sections = Map.of("tables", "<schema.table>", "caches", "<name>", "schedules", "<name>");
        schema.get("properties").fields().forEachRemaining(section -> {
            String path = section.getKey();
            JsonNode node = section.getValue();
            text.append("\n### ")
                    .append(path)
                    .append("\n\n")
                    .append(node.get("description").asText())
                    .append("\n");
            JsonNode settings = node;
            if (sections.containsKey(path)) {
                path += "." + sections.get(path);
                settings = node.get("additionalProperties");
            }
            if (settings.has("properties")) {
                text.append("\n| setting | what it is | default | example |\n|---|---|---|---|\n");
                rows(path, settings, text);
            }
        });
        return text.append("\n").toString();
    }

    private void rows(String path, JsonNode settings, StringBuilder text) {
        settings.get("properties").fields().forEachRemaining(setting -> {
            String name = path + "." + setting.getKey();
            JsonNode node = setting.getValue();
            boolean required = settings.path("required").toString().contains("\"" + setting.getKey() + "\"");
            text.append("| `").append(name).append("` | ").append(described(node));
            text.append(" | ").append(required ? "required" : code(node.path("default")));
            text.append(" | ").append(code(node.path("examples").path(0))).append(" |\n");
            if (node.has("properties")) {
                rows(name, node, text);
            } else if (node.path("items").has("properties")) {
                rows(name + "[]", node.get("items"), text);
            }
        });
    }

    private static String described(JsonNode node) {
        String description = node.get("description").asText();
        if (!node.has("enum")) {
            return description;
        }
        StringBuilder choice = new StringBuilder(description).append(" One of");
        node.get("enum")
                .forEach(value -> choice.append(" `").append(value.asText()).append("`"));
        return choice.append(".").toString();
    }

    private static String code(JsonNode value) {
        if (value.isMissingNode()) {
            return "";
        }
        return "`" + (value.isValueNode() ? value.asText() : value.toString()) + "`";
    }
}
