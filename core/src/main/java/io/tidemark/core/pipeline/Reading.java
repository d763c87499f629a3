package io.tidemark.core.pipeline;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** What the readers of the file's sections share: its name, the environment, and what was found wrong. */
final class Reading {
    private final String file;
    private final Map<String, String> environment;
    private final Problems problems = new Problems();
    private final Map<String, Place> overrides = new HashMap<>();

    Reading(String file, Map<String, String> environment) {
        this.file = file;
        this.environment = environment;
    }

    Problems problems() {
        return problems;
    }

    Place placeOf(Node node, String path) {
        return Place.of(file, node, path);
    }

    /** The environment's value of a setting; null when it has none. An empty variable is as good as none. */
    @Nullable
    Setting override(String path) {
        String variable = Place.variableOf(path);
        Place place = Place.inEnvironment(variable, path);
        overrides.put(variable, place);
        String value = environment.get(variable);
        return value == null || value.isBlank() ? null : new Setting(value.strip(), place);
    }

    /**
     * Says of each variable that looks like a setting and is none what may have been meant. What Kubernetes sets for a
     * service named tidemark-redis, such as TIDEMARK_REDIS_PORT_6379_TCP, is let pass.
     */
    void refuseUnknownVariables() {
        for (String variable : environment.keySet()) {
            if (variable.matches("TIDEMARK_(SOURCE|KAFKA|REDIS|CACHES)_.*")
                    && !overrides.containsKey(variable)
                    && !variable.matches(".*_(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT|PORT_[0-9]+_.*)")) {
                problems.add(
                        Place.inEnvironment(variable, ""),
                        "there is no such setting; " + Suggestion.remedy(variable, overrides.keySet()));
            }
        }
    }
}
