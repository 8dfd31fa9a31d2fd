<?php
// Runs a program, then its tests. What it is told comes by standard input, before any of the program's code
// runs: the words that prove the tests' end, the program, the tests. The words stay in variables of one function.
(static function (): void {
    $told = stream_get_contents(STDIN);
    fclose(STDIN);
    $at = 0;
    $line = static function () use (&$at, $told): string {
        $end = strpos($told, "\n", $at);
        $found = substr($told, $at, $end - $at);
        $at = $end + 1;
        return $found;
    };
    $text = static function () use (&$at, $told, $line): string {
        $size = (int) $line();
        $found = substr($told, $at, $size);
        $at += $size;
        return $found;
    };
    $proof = $line();
    $program = $text();
    $tests = $text();
    $said = fopen('php://fd/3', 'w');
    unset($told, $line, $text);
    // Which of the two texts a place is in shows by the line here that evaluates it.
    $texts = [];
    $places = static function (Throwable $failure) use (&$texts): array {
        $found = [];
        $at = array_merge([['file' => $failure->getFile(), 'line' => $failure->getLine()]], $failure->getTrace());
        foreach (array_slice($at, 0, 30) as $each) {
            if (preg_match("/\\((\\d+)\\) : eval\\(\\)'d code/", $each['file'] ?? '', $line) && isset($texts[$line[1]])) {
                $found[] = [$texts[$line[1]], $each['line'] ?? 0, ''];
            }
        }
        return $found;
    };
    $say = static function (string $stage, Throwable $failure) use ($said, $places): void {
        fwrite($said, json_encode([
            'stage' => $stage,
            'exception' => get_class($failure),
            'message' => substr($failure->getMessage(), 0, 2000),
            'frames' => $places($failure),
        ], JSON_INVALID_UTF8_SUBSTITUTE | JSON_PARTIAL_OUTPUT_ON_ERROR));
        exit(1);
    };
    // Both are evaluated as if at the top of a file: what either calls global is what the other means.
    preg_match_all('/\bglobal\s+(\$\w+(?:\s*,\s*\$\w+)*)/', $program . $tests, $found);
    $globals = $found[1] ? 'global ' . implode(', ', $found[1]) . '; ' : '';
    $opened = '/^\s*<\?(?:php\b)?/';
    $run = static function (string $__code): array {
        eval($__code); // program
        unset($__code);
        return get_defined_vars();
    };
    foreach (file(__FILE__) as $number => $source) {
        if (preg_match('/eval\(\$__code\); \/\/ (program|tests)/', $source, $kind)) {
            $texts[$number + 1] = "<$kind[1]>";
        }
    }
    $variables = [];
    try {
        $body = preg_match($opened, $program) ? preg_replace($opened, '', $program, 1) : $program;
        $variables = $run($globals . $body);
    } catch (ParseError $failure) {
        $say('compile', $failure);
    } catch (Throwable $failure) {
        $say('run', $failure);
    }
    $run_tests = static function (array $__variables, string $__code): void {
        extract($__variables, EXTR_SKIP);
        unset($__variables);
        eval($__code); // tests
    };
    try {
        $run_tests($variables, $globals . (preg_match($opened, $tests) ? preg_replace($opened, '', $tests, 1) : $tests));
    } catch (Throwable $failure) {
        $say('tests', $failure);
    }
    while (ob_get_level() > 0) {
        ob_end_flush();
    }
    fwrite($said, $proof);
})();
