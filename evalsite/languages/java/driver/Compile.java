import java.io.DataInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/** Compiles the program and the tests that it reads from its standard input, so that neither is ever a file. */
final class Compile {
    private static final int MOST_ERRORS = 10;

    /** Source without a file: a public class in it may have any name. */
    private static final class Source extends SimpleJavaFileObject {
        private final String name;
        private final String text;

        Source(String name, String place, String text) {
            super(URI.create("string:///" + place + ".java"), Kind.SOURCE);
            this.name = name;
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }

        @Override
        public String getName() {
            return name;
        }

        @Override
        public boolean isNameCompatible(String simpleName, Kind kind) {
            return true;
        }
    }

    private static String line(DataInputStream from) throws IOException {
        StringBuilder found = new StringBuilder();
        for (int next = from.read(); next >= 0 && next != '\n'; next = from.read()) found.append((char) next);
        return found.toString();
    }

    private static String text(DataInputStream from) throws IOException {
        byte[] found = new byte[Integer.parseInt(line(from))];
        from.readFully(found);
        return new String(found, StandardCharsets.UTF_8);
    }

    public static void main(String[] arguments) throws IOException {
        DataInputStream told = new DataInputStream(System.in);
        List<Source> sources =
                List.of(new Source("<program>", "Program", text(told)), new Source("<tests>", "Tests", text(told)));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> said = new DiagnosticCollector<>();
        Path out = Path.of(arguments[0]);
        Files.createDirectories(out);
        StandardJavaFileManager files = compiler.getStandardFileManager(said, Locale.ENGLISH, StandardCharsets.UTF_8);
        files.setLocation(StandardLocation.CLASS_OUTPUT, List.of(out.toFile()));
        List<String> options = List.of("-proc:none", "-nowarn", "-g:source,lines", "-cp", arguments[1]);
        boolean done = compiler.getTask(null, files, said, options, null, sources).call();
        int errors = 0;
        for (Diagnostic<? extends JavaFileObject> each : said.getDiagnostics()) {
            if (each.getKind() != Diagnostic.Kind.ERROR || errors++ >= MOST_ERRORS) continue;
            String file = each.getSource() == null ? "<program>" : each.getSource().getName();
            System.err.println(file + ":" + each.getLineNumber() + ": error: " + each.getMessage(Locale.ENGLISH));
        }
        System.err.flush();
        Runtime.getRuntime().halt(done ? 0 : 1);
    }
}
