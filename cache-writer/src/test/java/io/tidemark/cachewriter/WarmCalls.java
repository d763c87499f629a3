package io.tidemark.cachewriter;

import static io.tidemark.cachewriter.AdminCalls.body;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.testkit.await.Await;
import java.net.http.HttpResponse;
import java.util.Optional;

/**
 * Warmings asked for over HTTP.
 *
 * @param token an operator's
 */
record WarmCalls(WriterStack stack, String token) {

    /** @param more what comes after the path, as {@code ?dryRun=true} */
    HttpResponse<String> post(String more, String wish) throws Exception {
        return AdminCalls.send(stack.writer.url() + "/api/cache/warm" + more, "POST", wish, token);
    }

    /** Warms; the job, which is done. */
    JsonNode warmed(String wish) throws Exception {
        JsonNode job = ended(body(post("", wish), 202).path("href").asText());
        assertThat(job.path("state").asText()).as(job.toString()).isEqualTo("done");
        return job;
    }

    /** The job once it is over, however it ended. */
    JsonNode ended(String href) {
        return Await.until("the job " + href + " is over", WriterStack.SOON)
                .sees(() -> body(AdminCalls.send(stack.writer.url() + href, "GET", "", token), 200), WarmCalls::isOver);
    }

    /** The last job that counted something by this name. */
    Optional<JsonNode> jobWith(String count) throws Exception {
        for (JsonNode job : jobs()) {
            if (job.path("counts").has(count)) {
                return Optional.of(job);
            }
        }
        return Optional.empty();
    }

    boolean areAllOver() throws Exception {
        for (JsonNode job : jobs()) {
            if (!isOver(job)) {
                return false;
            }
        }
        return true;
    }

    static boolean isOver(JsonNode job) {
        return !job.path("state").asText().matches("waiting|running");
    }

    private JsonNode jobs() throws Exception {
        return body(AdminCalls.send(stack.writer.url() + "/api/cache/jobs", "GET", "", token), 200);
    }
}
