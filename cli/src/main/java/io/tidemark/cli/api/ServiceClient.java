package io.tidemark.cli.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.tidemark.cli.failure.CommandFailure;
import io.tidemark.cli.failure.ExitCode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Asks one service over HTTP. Thread-safe. */
public final class ServiceClient {
    static final int NOT_LET_IN = 401;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String name;
    private final String url;
    private final @Nullable String token;
    private final HttpClient http;

    /**
     * @param url without a path, such as {@code http://127.0.0.1:8083}
     * @param token null when none is known: then only its health can be asked for
     */
    public ServiceClient(String name, String url, @Nullable String token) {
        this(name, url, token, ServiceHttp.client());
    }

    /** The same by a client that knows whom to trust. */
    public ServiceClient(String name, String url, @Nullable String token, HttpClient http) {
        this.http = http;
        this.name = name;
        this.token = token;
        this.url = url.replaceAll("/+$", "");
    }

    /** An answer; the body is missing when it is no JSON. */
    public record Answer(int status, JsonNode body) {
        public boolean isGood() {
            return status >= 200 && status < 300;
        }
    }

    public String name() {
        return name;
    }

    public String url() {
        return url;
    }

    /** @throws UnreachableException when no answer comes */
    public Answer get(String path) throws InterruptedException {
        return send(request(path).GET().build());
    }

    /** @throws UnreachableException when no answer comes */
    public Answer post(String path) throws InterruptedException {
        return send(request(path).POST(HttpRequest.BodyPublishers.noBody()).build());
    }

    /**
     * The answer of a service that let this command in.
     *
     * @throws CommandFailure with exit code 2 when it asks for a token, or does not know the one that it was given
     */
    public Answer letIn(Answer answer) {
        if (answer.status() == NOT_LET_IN) {
            throw notLetIn(name, token != null);
        }
        return answer;
    }

    /** What to tell the person whom a service answered with 401. */
    public static CommandFailure notLetIn(String service, boolean withToken) {
        return new CommandFailure(
                ExitCode.USAGE,
                withToken
                        ? service + " does not know the token that it was given; name a file with one of its own with"
                                + " --token-file"
                        : service
                                + " asks for a token; name the file that holds it with --token-file (the service's log"
                                + " says where it lies)");
    }

    private HttpRequest.Builder request(String path) {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                    .timeout(Duration.ofSeconds(15))
                    .header("Accept", "application/json");
            return token == null ? request : request.header("Authorization", "Bearer " + token);
        } catch (IllegalArgumentException e) {
            throw new UnreachableException(name + ": " + url + " is not an address such as http://127.0.0.1:8083", e);
        }
    }

    private Answer send(HttpRequest request) throws InterruptedException {
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), parsed(response.body()));
        } catch (IOException e) {
            throw new UnreachableException(name + " does not answer at " + url + " (" + ServiceHttp.reason(e) + ")", e);
        }
    }

    private static JsonNode parsed(String body) {
        try {
            JsonNode tree = JSON.readTree(body);
            return tree == null ? MissingNode.getInstance() : tree;
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }
}
