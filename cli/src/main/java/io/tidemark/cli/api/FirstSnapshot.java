package io.tidemark.cli.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * How far ingest-service has read the tables for the first time.
 *
 * @param done whether it reads changes only, by now
 * @param rows rows read so far
 */
public record FirstSnapshot(boolean done, long rows) {

    /** Asks ingest-service; empty while it does not answer or does not know yet. */
    public static Optional<FirstSnapshot> of(ServiceClient ingest) throws InterruptedException {
        try {
            ServiceClient.Answer answer = ingest.get("/api/progress");
            JsonNode snapshot = answer.body().path("snapshot");
            return answer.isGood() && snapshot.isObject()
                    ? Optional.of(new FirstSnapshot(
                            snapshot.path("state").asText().equals("done"),
                            snapshot.path("rowsDone").asLong()))
                    : Optional.empty();
        } catch (UnreachableException e) {
            return Optional.empty();
        }
    }
}
