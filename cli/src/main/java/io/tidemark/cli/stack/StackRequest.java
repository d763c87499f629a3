package io.tidemark.cli.stack;

import io.tidemark.core.pipeline.Pipeline;
import io.tidemark.testkit.orders.EmbeddedOrderFeed;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is to run.
 *
 * @param mode {@code up} or {@code demo}
 * @param home the folder of the clone, where the services' programs are
 * @param pipelineFile what the services read
 * @param pipeline what stands in it; a server it names is used, one it does not name is started
 * @param ports chosen and found free
 * @param data where the started servers keep their data
 * @param database the name of the database in a PostgreSQL that is started here
 * @param lasting whether the data is kept for the next run
 * @param pages patterns of the keys that an application fills, where each service is to come to the servers started here with
 *     the least rights; null where all come as the owner
 * @param environment more variables for the services
 * @param orderFeed a simulated order API to start, if any
 */
public record StackRequest(
        String mode,
        Path home,
        Path pipelineFile,
        Pipeline pipeline,
        StackPorts ports,
        Path data,
        String database,
        boolean lasting,
        @Nullable List<String> pages,
        Map<String, String> environment,
        @Nullable EmbeddedOrderFeed orderFeed) {

    public StackRequest {
        environment = Map.copyOf(environment);
    }
}
