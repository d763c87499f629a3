package io.tidemark.ingest;

import io.micronaut.context.ApplicationContext;
import io.micronaut.http.server.exceptions.ServerStartupException;
import io.micronaut.runtime.Micronaut;
import io.micronaut.runtime.server.EmbeddedServer;
import io.tidemark.core.access.AccessTokens;
import io.tidemark.core.access.Role;
import io.tidemark.core.pipeline.InvalidPipelineException;
import io.tidemark.core.pipeline.PipelineFile;
import io.tidemark.core.process.ParentWatch;
import io.tidemark.core.tls.HttpTls;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The program: reads the pipeline file, starts the HTTP side and the stream, and stops both in order. */
public final class IngestService {
    private static final int WRONG_USAGE = 2;
    private static final String DATA_VARIABLE = "TIDEMARK_INGEST_DATA";
    private static final String TOKEN_PREFIX = "TIDEMARK_INGEST";

    private IngestService() {}

    /** Exits with 2 when something is configured wrongly; every problem is then on standard error. */
    public static void main(String[] arguments) {
        Map<String, String> environment = System.getenv();
        try {
            PipelineFile file = PipelineFile.fromEnvironment(environment);
            IngestSettings settings = IngestSettings.fromEnvironment(environment);
            AccessTokens tokens = tokens(environment);
            file.pipeline().kafka().requireBootstrap();
            file.pipeline().source().requireDatabase();
            run(arguments, environment, file, settings, tokens);
        } catch (InvalidPipelineException | IllegalArgumentException wrong) {
            exitMisconfigured(wrong.getMessage());
        } catch (ServerStartupException taken) {
            exitMisconfigured("the HTTP port cannot be opened (" + taken.getMessage()
                    + "): stop what listens there, or set TIDEMARK_HTTP_PORT");
        }
    }

    private static AccessTokens tokens(Map<String, String> environment) {
        Path made = Path.of(environment.getOrDefault(DATA_VARIABLE, "data"), "ingest-service", "admin.token");
        return AccessTokens.of(environment, TOKEN_PREFIX, EnumSet.allOf(Role.class), made);
    }

    /** @param singletons what the container is given */
    private static void run(String[] arguments, Map<String, String> environment, Object... singletons) {
        ApplicationContext context = Micronaut.build(arguments)
                .mainClass(IngestService.class)
                .banner(false)
                .properties(HttpTls.settings(environment, environment.getOrDefault("TIDEMARK_HTTP_PORT", "8083")))
                .singletons(singletons)
                .start();
        ParentWatch.fromEnvironment(environment, () -> System.exit(0));
        context.getBean(EmbeddedServer.class);
        context.getBean(Supervisor.class).start();
    }

    static void exitMisconfigured(@Nullable String problems) {
        System.err.println(problems);
        System.exit(WRONG_USAGE);
    }
}
