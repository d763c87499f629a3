package io.tidemark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.cli.failure.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tidemark sync STORE}: asks for a sync of a store soon. */
@Command(name = "sync", mixinStandardHelpOptions = true, description = "Asks for a sync of the store soon.")
final class SyncCommand implements Callable<Integer> {
    @Mixin
    private PositionTarget target = new PositionTarget();

    @Parameters(paramLabel = "STORE", description = "The store's name.")
    private String store = "";

    @Override
    public Integer call() throws InterruptedException {
        JsonNode answer = target.client().post("/api/admin/positions/" + PositionsCommand.named(store) + "/sync", "");
        System.out.println(target.json() ? answer.toString() : store + ": a sync is asked for");
        return ExitCode.GOOD;
    }
}
