package io.tidemark.cli.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.cli.failure.CommandFailure;
import io.tidemark.cli.failure.ExitCode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Asks the admin HTTP of a service, with a token. Thread-safe. */
public final class AdminClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(60);

    private final HttpClient http;
    private final String service;
    private final String url;
    private final String token;

    /**
     * @param service its name, for messages
     * @param url without a path, such as {@code http://127.0.0.1:8080}
     */
    public AdminClient(String service, String url, String token) {
        this(service, url, token, ServiceHttp.client());
    }

    /** The same by a client that knows whom to trust. */
    public AdminClient(String service, String url, String token, HttpClient http) {
        this.http = http;
        this.service = service;
        this.url = url.replaceAll("/+$", "");
        this.token = token;
    }

    /** @throws CommandFailure when the service refuses, with its own words */
    public JsonNode get(String path) throws InterruptedException {
        return ask("GET", path, "");
    }

    /** @throws CommandFailure when the service refuses, with its own words */
    public JsonNode post(String path, String body) throws InterruptedException {
        return ask("POST", path, body);
    }

    /** @throws CommandFailure when the service refuses, with its own words */
    public JsonNode put(String path) throws InterruptedException {
        return ask("PUT", path, "");
    }

    private JsonNode ask(String method, String path, String body) throws InterruptedException {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url + path))
                    .timeout(ANSWER_WITHIN)
                    .header("Accept", "application/json")
                    .header("Authorization", "Bearer " + token)
                    .method(method, HttpRequest.BodyPublishers.ofString(body))
                    .build();
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            return judged(answer.statusCode(), parsed(answer.body()));
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCode.CANNOT_CONNECT,
                    service + " does not answer at " + url + " (" + ServiceHttp.reason(e) + ")",
                    e);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(
                    ExitCode.USAGE, "expected an address such as http://127.0.0.1:8080 and a token on one line", e);
        }
    }

    private JsonNode judged(int status, JsonNode body) {
        if (status >= 200 && status < 300) {
            return body;
        }
        if (status == ServiceClient.NOT_LET_IN) {
            throw ServiceClient.notLetIn(service, true);
        }
        int exitCode = status == 404 || status == 400
                ? ExitCode.USAGE
                : body.path("locked").asBoolean() ? ExitCode.LOCKED : ExitCode.FAILED;
        String error = body.path("error").asText(service + " answered " + status);
        String remedy = body.path("remedy").asText("");
        throw new CommandFailure(exitCode, remedy.isEmpty() ? error : error + "; " + remedy);
    }

    private static JsonNode parsed(String body) {
        try {
            JsonNode tree = JSON.readTree(body);
            return tree == null ? JSON.missingNode() : tree;
        } catch (JsonProcessingException notJson) {
            return JSON.missingNode();
        }
    }
}
