package io.tidemark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.cli.failure.ExitCode;
import io.tidemark.cli.screen.Numbers;
import io.tidemark.cli.screen.TextTable;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidemark schedule}: what is done on a schedule, and steering it. */
@Command(
        name = "schedule",
        mixinStandardHelpOptions = true,
        description =
                "Shows what is done on a schedule: when it runs next and what became of the last run. Exits 4 when the"
                        + " last run of a job failed.")
final class ScheduleCommand implements Callable<Integer> {
    @Mixin
    private ReconcilerTarget target = new ReconcilerTarget();

    @Option(names = "--json", description = "Print the result as one JSON object on stdout.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        return shown(target.client().get("/scheduler/status"), json);
    }

    @Command(name = "start", mixinStandardHelpOptions = true, description = "Lets jobs run.")
    int start(@Mixin ReconcilerTarget options) throws InterruptedException {
        return shown(options.client().post("/scheduler/start", ""), false);
    }

    @Command(
            name = "stop",
            mixinStandardHelpOptions = true,
            description = "Lets no job begin any more; what runs goes on to its end.")
    int stop(@Mixin ReconcilerTarget options) throws InterruptedException {
        return shown(options.client().post("/scheduler/stop", ""), false);
    }

    @Command(name = "trigger", mixinStandardHelpOptions = true, description = "Has a job run now.")
    int trigger(@Mixin ReconcilerTarget options, @Parameters(paramLabel = "JOB") String job)
            throws InterruptedException {
        JsonNode answer = options.client().post("/scheduler/trigger-now?job=" + encoded(job), "");
        System.out.println(answer.path("triggered").asText() + " is triggered; see tidemark schedule");
        return ExitCode.GOOD;
    }

    @Command(
            name = "interval",
            mixinStandardHelpOptions = true,
            description = "Gives a job that runs by an interval another one.")
    int interval(
            @Mixin ReconcilerTarget options,
            @Parameters(paramLabel = "JOB") String job,
            @Parameters(paramLabel = "HOURS") int hours)
            throws InterruptedException {
        JsonNode answer = options.client().put("/scheduler/interval?hours=" + hours + "&job=" + encoded(job));
        System.out.println(answer.path("job").asText() + " runs every " + hours + " h, next at "
                + answer.path("next_run").asText() + warned(answer));
        return ExitCode.GOOD;
    }

    private static String encoded(String job) {
        return URLEncoder.encode(job, StandardCharsets.UTF_8);
    }

    private static int shown(JsonNode status, boolean json) {
        System.out.println(json ? status.toString() : text(status));
        for (JsonNode job : status.path("jobs")) {
            if (job.path("history").path(0).path("state").asText().equals("failed")) {
                return ExitCode.UNHEALTHY;
            }
        }
        return ExitCode.GOOD;
    }

    private static String text(JsonNode status) {
        StringBuilder text = new StringBuilder(
                status.path("running").asBoolean()
                        ? "The scheduler runs."
                        : status.path("stopped").asBoolean()
                                ? "The scheduler is stopped; tidemark schedule start lets it run."
                                : "The scheduler does not run: "
                                        + (status.path("enabled").asBoolean()
                                                ? status.path("problem").asText()
                                                : "it is not enabled here, or there is nothing to do"));
        if (status.path("jobs").isEmpty()) {
            return text.toString();
        }
        TextTable table = TextTable.ofNumbers("job", "kind", "when", "next", "last", "state", "ms");
        for (JsonNode job : status.path("jobs")) {
            JsonNode last = job.path("history").path(0);
            table.row(
                    job.path("job").asText(),
                    job.path("kind").asText(),
                    job.path("when").asText(),
                    job.path("next_run").asText("-"),
                    last.path("began").asText("-"),
                    last.path("state").asText("-"),
                    last.path("duration_ms").isNumber()
                            ? Numbers.grouped(last.path("duration_ms").asLong())
                            : "-");
        }
        text.append("\n\n").append(table);
        for (JsonNode job : status.path("jobs")) {
            String error = job.path("history").path(0).path("error").asText("");
            if (!error.isEmpty() && !error.equals("null")) {
                text.append("\n").append(job.path("job").asText()).append(": ").append(error);
            }
            text.append(warned(job));
        }
        return text.toString();
    }

    private static String warned(JsonNode of) {
        return of.path("warning").isTextual()
                ? "\n" + of.path("job").asText() + ": " + of.path("warning").asText()
                : "";
    }
}
