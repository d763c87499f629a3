package io.tidemark.ingest;

import io.micronaut.context.ApplicationContext;
import io.micronaut.http.server.exceptions.ServerStartupException;
import io.micronaut.runtime.Micronaut;
import io.micronaut.runtime.server.EmbeddedServer;
import io.tidemark.core.pipeline.InvalidPipelineException;
import io.tidemark.core.pipeline.PipelineFile;
import io.tidemark.core.process.ParentWatch;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The program: reads the pipeline file, starts the HTTP side and the stream, and stops both in order. */
public final class IngestService {
    private static final int WRONG_USAGE = 2;

    private IngestService() {}

    /** Exits with 2 when something is configured wrongly; every problem is then on standard error. */
    public static void main(String[] arguments) {
        Map<String, String> environment = System.getenv();
        try {
            PipelineFile file = PipelineFile.fromEnvironment(environment);
            IngestSettings settings = IngestSettings.fromEnvironment(environment);
            file.pipeline().kafka().requireBootstrap();
            file.pipeline().source().requireDatabase();
            run(arguments, file, settings, environment);
        } catch (InvalidPipelineException | IllegalArgumentException wrong) {
            exitMisconfigured(wrong.getMessage());
        } catch (ServerStartupException taken) {
            exitMisconfigured("the HTTP port cannot be opened (" + taken.getMessage()
                    + "): stop what listens there, or set TIDEMARK_HTTP_PORT");
        }
    }

    private static void run(
            String[] arguments, PipelineFile file, IngestSettings settings, Map<String, String> environment) {
        ApplicationContext context = Micronaut.build(arguments)
                .mainClass(IngestService.class)
                .banner(false)
                .singletons(file, settings)
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
