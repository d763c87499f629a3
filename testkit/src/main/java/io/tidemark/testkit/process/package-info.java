/** Child processes that can be stopped, killed and frozen, and that never outlive the JVM that started them. */
@NullMarked
package io.tidemark.testkit.process;

import org.jspecify.annotations.NullMarked;
