// SPDX-License-Identifier: Apache-2.0
#include "commands.hpp"
#include "define.hpp"
#include "help.hpp"

namespace chatvim::cli {

namespace {

void add_input(CLI::App& command, Options& options) {
  command.add_option("-f,--file", options.file, "The chat document (default: standard input)")
      ->type_name("FILE");
}

void add_prompt(CLI::App& command, Options& options, const char* description) {
  command.add_option("PROMPT", options.prompt, description)->type_name("");
  command
      .add_option("-a,--attach", options.attached,
                  "A file, picture, PDF or folder to send with PROMPT; may be repeated")
      ->type_name("FILE")
      ->allow_extra_args(false);
}

void add_settings(CLI::App& command, Options& options) {
  command
      .add_option("-m,--model", options.model,
                  "The model, in place of the document's: NAME or PROVIDER/NAME")
      ->type_name("MODEL");
  command
      .add_option("-s,--system", options.system, "A system message, before those of the document")
      ->type_name("WORDS");
  command
      .add_option("--set", options.assignments,
                  "A setting, in place of the document's; may be repeated")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  command
      .add_option("--schema", options.schema,
                  "A JSON Schema that the answer must fit; if it does not, the exit code is 3")
      ->type_name("FILE");
  command
      .add_option(
          "--allow", options.allowed,
          "A file or folder outside the chat's folder that may be embedded, or the name that an "
          "error message gives; may be repeated")
      ->type_name("PATH")
      ->allow_extra_args(false);
  command.add_flag("--allow-secrets", options.allows_secrets,
                   "Send embedded text even if it seems to contain a key");
}

void add_tools(CLI::App& command, Options& options) {
  command
      .add_option("--allow-tool", options.allowed_tools,
                  "A tool that the model may call without being asked about, as SERVER.TOOL; a `*` "
                  "matches any text; may be repeated")
      ->type_name("TOOL")
      ->allow_extra_args(false);
}

void define_complete(Definitions& definitions) {
  Options& options = definitions.options;
  auto& command =
      definitions.add("complete", "Answer PROMPT, a file, or a chat on standard input", complete);
  add_prompt(command, options, "The question");
  add_input(command, options);
  add_settings(command, options);
  add_tools(command, options);
  command.add_flag("--continue", options.continues, "Continue the last answer of the chat");
  command.add_flag("--write", options.write, "Append the answer to the file, as in the editor");
  command.add_flag("--add-delimiters", options.add_delimiters,
                   "Print the delimiters around the answer too");
  auto* chunk = command.add_flag("--chunk", options.chunk,
                                 "Print one JSON object {\"chunk\": \"…\"} per line");
  command.add_flag("--json", options.json, "Print one JSON object at the end")->excludes(chunk);
  add_examples(command, R"(  chatvim complete --model anthropic/claude-sonnet-4-5 "Hello"
  git diff | chatvim complete "Write a commit message"
  chatvim complete "What is this?" --attach photo.png
  chatvim complete --write --file chat.md
  chatvim complete --continue --write --file chat.md
  chatvim complete --set temperature=0.2 --json < chat.md
With PROMPT, text on standard input follows it in the question.)");
}

void define_log(Definitions& definitions) {
  Options& options = definitions.options;
  auto& command = definitions.add("log", "Add PROMPT and its answer to a file", log);
  add_prompt(command, options, "The question (default: standard input)");
  command.add_option("-f,--file", options.file, "The chat document (default: chat.md)")
      ->type_name("FILE");
  add_settings(command, options);
  add_tools(command, options);
  add_examples(command, R"(  chatvim log "What is a monad?"
  make 2>&1 | chatvim log "Why does this fail?" --file build.md
The question goes into the file with its answer, which is printed too.)");
}

void define_repl(Definitions& definitions) {
  Options& options = definitions.options;
  auto& command = definitions.add("repl", "Ask question after question in a chat file", repl);
  command
      .add_option("FILE", options.file,
                  "The chat document (default: a new one in this folder, named after the time)")
      ->type_name("");
  add_settings(command, options);
  add_tools(command, options);
  command
      .add_option("--color", options.color,
                  "When to color: auto (on a terminal), always, never (default: auto)")
      ->type_name("WHEN")
      ->check(CLI::IsMember({"auto", "always", "never"}));
  add_examples(command, R"(  chatvim repl
  chatvim repl chat.md --model ollama/llama3.2
  chatvim repl chat.md < questions.txt
Enter sends the question; \ at the end of a line, or """ around the text, lets it have more lines.
CTRL-C stops the answer, CTRL-D ends, .help lists the commands. Without a terminal, each line of
standard input is a question, and the first that fails ends it.)");
}

void define_request(Definitions& definitions) {
  Options& options = definitions.options;
  auto& command = definitions.add(
      "request", "Print the request that complete would send, the key hidden", request);
  add_prompt(command, options, "The question");
  add_input(command, options);
  add_settings(command, options);
  add_examples(command, R"(  chatvim request --file chat.md
  chatvim request --set max_tokens=100 "Hello")",
               kPrintingCodes);
}

}  // namespace

void define_chats(Definitions& definitions) {
  define_complete(definitions);
  define_log(definitions);
  define_repl(definitions);
  add_input(definitions.add("messages", "Read a document and print its messages as JSON", messages),
            definitions.options);
  define_request(definitions);
}

}  // namespace chatvim::cli
