package io.tidemark.positions.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import io.tidemark.positions.RunningConsole;
import io.tidemark.testkit.servers.SharedServers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser; left out, with a word, where Debian's chromium is not installed. */
class ConsoleIT {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path PICTURES = Path.of("target", "screenshots");

    @TempDir
    private static Path data;

    private static RunningConsole service;
    private static Playwright playwright;
    private static Browser browser;

    private final List<String> complaints = new ArrayList<>();
    private BrowserContext context;
    private Page page;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(
                Files.isExecutable(CHROMIUM),
                "no " + CHROMIUM + ", so the page is not tried in a browser: apt-get install chromium");
        PlaywrightAssertions.setDefaultAssertionTimeout(20_000);
        RunningConsole.redis("FLUSHALL");
        service = new RunningConsole(data);
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(CHROMIUM)
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync")));
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
            playwright.close();
        }
        if (service != null) {
            service.close();
        }
    }

    @BeforeEach
    void takeInAndSignIn() {
        long lastId = 181_601;
        for (int i = 0; i < RunningConsole.STORES.size(); i++) {
            service.positions()
                    .updateSyncPosition(
                            RunningConsole.STORES.get(i),
                            9_070 - 1_000L * i,
                            lastId - 20_000L * i - 19,
                            lastId - 20_000L * i);
        }
        context = browser.newContext();
        page = context.newPage();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) {
                complaints.add(message.text());
            }
        });
        page.onPageError(complaints::add);
        page.navigate(service.url() + "/positions");
        page.getByLabel("Token").fill(RunningConsole.ADMIN);
        page.getByRole(com.microsoft.playwright.options.AriaRole.BUTTON)
                .getByText("Sign in")
                .click();
        page.waitForURL("**/positions");
    }

    @AfterEach
    void nothingWasComplainedOf() {
        if (context != null) {
            context.close();
        }
        // A strict policy that the page itself breaks would be told here.
        assertThat(complaints).isEmpty();
    }

    @Test
    void thePageLoadsUpdatesLiveAndSeesALossAndItsRepair() throws Exception {
        PlaywrightAssertions.assertThat(page.locator("#row-NATUR")).containsText("9,070");
        PlaywrightAssertions.assertThat(page.locator("#health")).hasText("100 %");
        PlaywrightAssertions.assertThat(page.locator("#chart canvas")).isVisible();
        PlaywrightAssertions.assertThat(page.locator("#live-text")).hasText("live, as of");

        service.positions().updateSyncPosition(RunningConsole.STORES.get(0), 9_071, 181_602, 181_621);
        PlaywrightAssertions.assertThat(page.locator("#row-NATUR")).containsText("181,621", within());

        RunningConsole.redis("FLUSHALL");
        PlaywrightAssertions.assertThat(page.locator("#overview"))
                .containsText(
                        Pattern.compile("emptied or begun anew: 5 restored|missing, 0 reset: 5 restored"),
                        containsWithin());
        PlaywrightAssertions.assertThat(page.locator("#row-NATUR")).containsText("9,071", within());
        PlaywrightAssertions.assertThat(page.locator("#row-NATUR")).containsText("Kafka", within());
        picture("positions");
    }

    @Test
    void restoringAsksFirstAndShowsBeforeAndAfter() throws Exception {
        page.locator("a.button", new Page.LocatorOptions().setHasText("Restore all"))
                .click();
        page.waitForURL("**/positions/restore");
        PlaywrightAssertions.assertThat(page.locator("h1")).hasText("Restore every store’s position?");
        picture("restore-asked");
        RunningConsole.redis("DEL", "tm:position:{PURNA}");
        page.locator("main button").getByText("Restore").click();
        PlaywrightAssertions.assertThat(page.locator("h1")).containsText("Restored in");
        PlaywrightAssertions.assertThat(page.locator("main")).containsText("PURNA");
        picture("restored");
    }

    @Test
    void aStoreHasItsOwnAddressAndIsReachedByKeyboard() {
        page.keyboard().press("j");
        page.keyboard().press("Enter");
        page.waitForURL("**/positions/DILST");
        PlaywrightAssertions.assertThat(page.locator("h1")).hasText("DILST");
        page.locator("#page").fill("100");
        page.getByText("Preview").click();
        page.waitForURL("**/positions/DILST/rewind?page=100");
        PlaywrightAssertions.assertThat(page.locator("main")).containsText("pages would be read again");
        picture("rewind-preview");
        // Twice back at once: the first page's late answer must not be put over the second's.
        for (int i = 0; i < 4; i++) {
            page.goBack();
            page.goBack();
            PlaywrightAssertions.assertThat(page.locator("#row-DILST")).isVisible();
            page.goForward();
            PlaywrightAssertions.assertThat(page.locator("h1")).hasText("DILST");
            page.goForward();
            PlaywrightAssertions.assertThat(page.locator("main")).containsText("pages would be read again");
        }
    }

    @Test
    void theLagPageIsLiveAndShowsAGroupThatComes() throws Exception {
        String group = "console." + System.nanoTime();
        page.navigate(service.url() + "/lag");
        PlaywrightAssertions.assertThat(page.locator("h1")).hasText("Lag of consumer groups");
        PlaywrightAssertions.assertThat(page.locator("#live-text")).hasText("live, as of");
        try (Admin kafka = Admin.create(
                Map.of("bootstrap.servers", (Object) SharedServers.kafka().bootstrap()))) {
            kafka.createTopics(List.of(new NewTopic(group, 2, (short) 1))).all().get();
            kafka.alterConsumerGroupOffsets(group, Map.of(new TopicPartition(group, 1), new OffsetAndMetadata(0)))
                    .all()
                    .get();
            PlaywrightAssertions.assertThat(page.locator("#rows")).containsText(group + ", 0 members", within());
            page.locator("#rows th a", new Page.LocatorOptions().setHasText(group + ", 0 members"))
                    .click();
            PlaywrightAssertions.assertThat(page.locator("h1")).hasText("Lag of " + group);
            PlaywrightAssertions.assertThat(page.locator("#rows")).containsText("partition 1");
            PlaywrightAssertions.assertThat(page.locator("#rows")).containsText("0 of 0");
            PlaywrightAssertions.assertThat(page.locator("#chart canvas")).isVisible();
            picture("lag-group");
            page.navigate(service.url() + "/lag");
            PlaywrightAssertions.assertThat(page.locator("#rows")).containsText(group + ", 0 members");
            picture("lag");
            kafka.deleteConsumerGroups(List.of(group)).all().get();
            PlaywrightAssertions.assertThat(page.locator("#rows")).not().containsText(group + ", 0 members", within());
        }
    }

    @Test
    void onAPhoneInTheDarkNothingIsCutOff() {
        page.setViewportSize(390, 844);
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        page.navigate(service.url() + "/positions");
        PlaywrightAssertions.assertThat(page.locator("#row-NATUR")).isVisible();
        Object overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        assertThat(overflow).isEqualTo(0);
        picture("phone-dark");
    }

    @Test
    void everyPictureControlAndFieldHasAName() {
        for (String path : List.of(
                "/positions", "/positions/NATUR", "/positions/restore", "/positions/NATUR/rewind?page=1", "/lag")) {
            page.navigate(service.url() + path);
            Object nameless = page.evaluate("""
                    () => [...document.querySelectorAll('a, button, input:not([type=hidden]), img, [role=img], th')]
                      .filter((e) => !(e.textContent.trim() || e.getAttribute('aria-label') || e.hasAttribute('alt')
                        || (e.labels && e.labels.length)))
                      .map((e) => e.outerHTML)""");
            assertThat((List<?>) nameless).as(path).isEmpty();
            assertThat(page.locator("h1").count()).as(path).isEqualTo(1);
            assertThat(page.locator("html").getAttribute("lang")).isEqualTo("en");
        }
    }

    /** By axe-core: WCAG 2.1 A and AA, in light and dark, wide and narrow. */
    @Test
    void axeFindsNothingToComplainOf() {
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
            for (int width : new int[] {1280, 390}) {
                page.setViewportSize(width, 844);
                for (String path : List.of(
                        "/positions",
                        "/positions/NATUR",
                        "/positions/restore",
                        "/positions/NATUR/rewind?page=1",
                        "/positions?show=attention",
                        "/lag")) {
                    page.navigate(service.url() + path);
                    assertThat(new AxeBuilder(page)
                                    .withTags(List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"))
                                    .analyze()
                                    .getViolations())
                            .extracting(rule -> rule.getId() + ": " + rule.getHelp() + " "
                                    + rule.getNodes().stream()
                                            .map(node -> node.getHtml())
                                            .toList())
                            .as("%s, %s, %d wide", path, scheme, width)
                            .isEmpty();
                }
            }
        }
    }

    private void picture(String name) {
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(PICTURES.resolve(name + ".png"))
                .setFullPage(true));
    }

    private static LocatorAssertions.ContainsTextOptions within() {
        return new LocatorAssertions.ContainsTextOptions().setTimeout(20_000);
    }

    private static LocatorAssertions.ContainsTextOptions containsWithin() {
        return within();
    }
}
