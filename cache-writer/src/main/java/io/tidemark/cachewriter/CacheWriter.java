package io.tidemark.cachewriter;

import io.micronaut.context.ApplicationContext;
import io.micronaut.http.server.exceptions.ServerStartupException;
import io.micronaut.runtime.Micronaut;
import io.swagger.v3.oas.annotations.OpenAPIDefinition;
import io.swagger.v3.oas.annotations.info.Info;
import io.tidemark.core.pipeline.InvalidPipelineException;
import io.tidemark.core.process.ParentWatch;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the service and ends it with its exit code. */
@OpenAPIDefinition(
        info =
                @Info(
                        title = "tidemark-cache-writer",
                        version = "1",
                        description = "What Redis holds of the caches, and what people do to them."))
public final class CacheWriter {
    private static final Logger LOG = LoggerFactory.getLogger(CacheWriter.class);
    private static final int FAILED = 1;
    private static final int WRONG_CONFIGURATION = 2;

    private CacheWriter() {}

    /** Runs until the process is told to end, or something is wrong that does not mend itself. */
    public static void main(String[] arguments) {
        System.exit(run(System.getenv()));
    }

    private static int run(Map<String, String> environment) {
        CompletableFuture<Integer> exitCode = new CompletableFuture<>();
        WriterSettings settings;
        Map<String, Object> micronaut;
        try {
            settings = WriterSettings.of(environment, exitCode);
            micronaut = settings.micronaut();
        } catch (InvalidPipelineException | IllegalArgumentException wrong) {
            System.err.println(wrong.getMessage());
            return WRONG_CONFIGURATION;
        }
        ParentWatch.fromEnvironment(environment, () -> exitCode.complete(0));
        try (ApplicationContext context = Micronaut.build(new String[0])
                .mainClass(CacheWriter.class)
                .banner(false)
                .singletons(settings)
                .properties(micronaut)
                .start()) {
            return exitCode.join();
        } catch (ServerStartupException taken) {
            LOG.error(
                    "the HTTP pages cannot be served at {}:{}: {}. Set another port with {}, or `tidemark up --cache-writer-port`",
                    settings.httpHost(),
                    settings.httpPort(),
                    taken.getMessage(),
                    WriterSettings.PORT_VARIABLE);
            return FAILED;
        }
    }
}
