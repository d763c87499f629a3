/** The scripts of deploy/access, which give each service the least rights, for the demo and the tests. */
@NullMarked
package io.tidemark.testkit.access;

import org.jspecify.annotations.NullMarked;
