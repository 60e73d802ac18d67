-- SPDX-License-Identifier: Apache-2.0
-- Edits of a whole chat while its answer arrives, as formatters, filters and users make them.
local M = {}

--- Returns a function that runs Lua in a child whose current buffer is the chat; `lines` is its
--- text.
local function edit(code)
  return function(child, number)
    local lines = "local number, lines = ..., vim.api.nvim_buf_get_lines(0, 0, -1, true)\n"
    child:lua(lines .. code, number)
  end
end

local function command(text)
  return function(child)
    child:command("silent! " .. text)
  end
end

--- Edits that keep all words in their order: the answer must continue.
---@type { name: string, run: fun(child: tests.Child, number: integer) }[]
M.gentle = {
  { name = "%!cat", run = command("%!cat") },
  { name = "a formatter in a filter", run = command([[%!sed -e 's/^\* /- /' -e 's/[ ]*$//']]) },
  { name = "trim", run = command([[keeppatterns %s/\s\+$//e]]) },
  { name = "no blank lines", run = command("keeppatterns g/^$/delete _") },
  { name = "twice the blank lines", run = command([[keeppatterns %s/^$/\r/e]]) },
  { name = "gq", run = command("set textwidth=30 | normal! gggqG") },
  { name = "gq, wider", run = command("set textwidth=70 | normal! gggqG") },
  { name = "retab", run = command("retab!") },
  { name = "write", run = command("write!") },
  { name = "write and edit", run = command("write! | edit") },
  { name = "set all lines", run = edit("vim.api.nvim_buf_set_lines(0, 0, -1, true, lines)") },
  {
    name = "other bullets",
    run = edit([[
      for index, line in ipairs(lines) do
        lines[index] = line:gsub("^[*-] ", number % 2 == 0 and "* " or "- ")
      end
      vim.api.nvim_buf_set_lines(0, 0, -1, true, lines)
    ]]),
  },
  {
    name = "an edit of a language server's",
    run = edit([[
      vim.lsp.util.apply_text_edits({ {
        newText = table.concat(lines, "\n") .. "\n",
        range = { start = { line = 0, character = 0 }, ["end"] = { line = #lines, character = 0 } },
      } }, vim.api.nvim_get_current_buf(), "utf-16")
    ]]),
  },
  {
    name = "diffput",
    run = edit([[
      local chat = vim.api.nvim_get_current_win()
      for index, line in ipairs(lines) do
        lines[index] = line:gsub("^[*-] ", "+ ")
      end
      vim.cmd("silent new | setlocal buftype=nofile bufhidden=wipe | diffthis")
      vim.api.nvim_buf_set_lines(0, 0, -1, true, lines)
      vim.fn.win_execute(chat, "diffthis")
      vim.cmd("silent! %diffput | bwipeout!")
      vim.fn.win_execute(chat, "diffoff")
    ]]),
  },
  {
    name = "a session",
    run = function(child)
      child:command("set hidden | silent! write! | silent! mksession! Session.vim")
      child:command("silent! source Session.vim")
    end,
  },
  {
    name = "a line at the top",
    run = edit([[vim.api.nvim_buf_set_lines(0, 0, 0, true, { "<" .. number .. ">" })]]),
  },
}

--- Edits that remove or reorder words: the answer may end, but must then report it.
M.rough = {
  { name = "sort", run = command("sort") },
  { name = "sort u", run = command("sort! u") },
  { name = "%!tac", run = command("%!tac") },
  { name = "move lines", run = command("silent! $move 0") },
  { name = "undo", run = command("undo"), undoes = true },
  { name = "undo and redo", run = command("undo | silent! redo"), undoes = true },
  { name = "earlier", run = command("earlier 2"), undoes = true },
  { name = "earlier and later", run = command("earlier 2 | silent! later 2"), undoes = true },
  { name = "delete a paragraph", run = command("normal! Gdap"), deletes = true },
  { name = "delete the end", run = command("normal! G3kdG"), deletes = true },
  { name = "delete all", run = command("%delete _"), deletes = true },
  { name = "edit!", run = command("edit!"), deletes = true },
}

return M
