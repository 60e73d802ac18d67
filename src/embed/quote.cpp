// SPDX-License-Identifier: Apache-2.0
#include "quote.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "chatvim/glob/path.hpp"

namespace chatvim::embed {
namespace {

struct Language {
  std::string_view ending;
  std::string_view name;
};

/// Endings whose language is called otherwise, or is worth saying.
constexpr std::array kLanguages = {Language{"adoc", "asciidoc"},
                                   Language{"asm", "asm"},
                                   Language{"awk", "awk"},
                                   Language{"bash", "bash"},
                                   Language{"bat", "dosbatch"},
                                   Language{"bib", "bib"},
                                   Language{"c", "c"},
                                   Language{"cc", "cpp"},
                                   Language{"clj", "clojure"},
                                   Language{"cmake", "cmake"},
                                   Language{"cpp", "cpp"},
                                   Language{"cs", "cs"},
                                   Language{"css", "css"},
                                   Language{"csv", "csv"},
                                   Language{"cxx", "cpp"},
                                   Language{"d", "d"},
                                   Language{"dart", "dart"},
                                   Language{"diff", "diff"},
                                   Language{"el", "lisp"},
                                   Language{"elm", "elm"},
                                   Language{"erl", "erlang"},
                                   Language{"ex", "elixir"},
                                   Language{"exs", "elixir"},
                                   Language{"f90", "fortran"},
                                   Language{"fish", "fish"},
                                   Language{"fs", "fsharp"},
                                   Language{"glsl", "glsl"},
                                   Language{"go", "go"},
                                   Language{"gradle", "groovy"},
                                   Language{"graphql", "graphql"},
                                   Language{"h", "c"},
                                   Language{"hh", "cpp"},
                                   Language{"hpp", "cpp"},
                                   Language{"hs", "haskell"},
                                   Language{"htm", "html"},
                                   Language{"html", "html"},
                                   Language{"ini", "ini"},
                                   Language{"ipynb", "json"},
                                   Language{"java", "java"},
                                   Language{"jl", "julia"},
                                   Language{"js", "javascript"},
                                   Language{"json", "json"},
                                   Language{"jsonc", "jsonc"},
                                   Language{"jsx", "javascriptreact"},
                                   Language{"kt", "kotlin"},
                                   Language{"kts", "kotlin"},
                                   Language{"less", "less"},
                                   Language{"lisp", "lisp"},
                                   Language{"lua", "lua"},
                                   Language{"m", "objc"},
                                   Language{"md", "markdown"},
                                   Language{"mjs", "javascript"},
                                   Language{"mk", "make"},
                                   Language{"ml", "ocaml"},
                                   Language{"mm", "objcpp"},
                                   Language{"nim", "nim"},
                                   Language{"nix", "nix"},
                                   Language{"patch", "diff"},
                                   Language{"php", "php"},
                                   Language{"pl", "perl"},
                                   Language{"pm", "perl"},
                                   Language{"proto", "proto"},
                                   Language{"ps1", "ps1"},
                                   Language{"py", "python"},
                                   Language{"pyi", "python"},
                                   Language{"r", "r"},
                                   Language{"rb", "ruby"},
                                   Language{"rs", "rust"},
                                   Language{"rst", "rst"},
                                   Language{"scala", "scala"},
                                   Language{"scm", "scheme"},
                                   Language{"scss", "scss"},
                                   Language{"sh", "sh"},
                                   Language{"sql", "sql"},
                                   Language{"svelte", "svelte"},
                                   Language{"svg", "svg"},
                                   Language{"swift", "swift"},
                                   Language{"tcl", "tcl"},
                                   Language{"tex", "tex"},
                                   Language{"tf", "terraform"},
                                   Language{"toml", "toml"},
                                   Language{"ts", "typescript"},
                                   Language{"tsx", "typescriptreact"},
                                   Language{"v", "verilog"},
                                   Language{"vhdl", "vhdl"},
                                   Language{"vim", "vim"},
                                   Language{"vue", "vue"},
                                   Language{"xml", "xml"},
                                   Language{"yaml", "yaml"},
                                   Language{"yml", "yaml"},
                                   Language{"zig", "zig"},
                                   Language{"zsh", "zsh"}};

/// Names of files without an ending that tells.
constexpr std::array kNames = {
    Language{"Makefile", "make"},         Language{"GNUmakefile", "make"},
    Language{"Dockerfile", "dockerfile"}, Language{"CMakeLists.txt", "cmake"},
    Language{"Rakefile", "ruby"},         Language{"Gemfile", "ruby"},
    Language{"meson.build", "meson"}};

std::size_t longest_run(std::string_view text, char character) {
  std::size_t longest = 0;
  for (std::size_t at = text.find(character); at != std::string_view::npos;
       at = text.find(character, at)) {
    const std::size_t end = std::min(text.find_first_not_of(character, at), text.size());
    longest = std::max(longest, end - at);
    at = end;
  }
  return longest;
}

}  // namespace

Piece quote(std::string_view name, std::string_view language, std::string_view text,
            std::shared_ptr<const std::string> bytes) {
  const std::string fence(std::max<std::size_t>(longest_run(text, '`') + 1, 3), '`');
  Piece piece;
  piece.before.append(name).append("\n").append(fence).append(language).append("\n");
  if (!text.empty() && !text.ends_with('\n')) piece.after = "\n";
  piece.after += fence;
  if (!bytes) text = *(bytes = std::make_shared<const std::string>(text));
  piece.text = text;
  piece.bytes = std::move(bytes);
  return piece;
}

std::string_view language_of(std::string_view path) {
  const auto find = [](const auto& table, std::string_view key) -> std::string_view {
    const auto found = std::find_if(table.begin(), table.end(),
                                    [key](const Language& one) { return one.ending == key; });
    return found == table.end() ? std::string_view() : found->name;
  };
  const std::string_view by_name = find(kNames, glob::base_name(path));
  return by_name.empty() ? find(kLanguages, glob::ending_of(path)) : by_name;
}

}  // namespace chatvim::embed
