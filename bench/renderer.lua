-- SPDX-License-Identifier: Apache-2.0
-- A minimal version of a plugin that renders markdown: some time after a change it parses the
-- visible lines and adds extmarks that conceal headings, fences and bullets or overlay them with
-- text.
local M = {}

local api = vim.api
local namespace = api.nvim_create_namespace("bench.renderer")
--- Milliseconds from a change until rendering; changes in between are rendered together.
local DEBOUNCE = 100

local QUERY = [[
  (atx_heading) @heading
  (fenced_code_block) @code
  (list_marker_minus) @bullet
]]

--- From now on, renders the current buffer in the current window.
function M.attach()
  local buf, win = api.nvim_get_current_buf(), api.nvim_get_current_win()
  local query = vim.treesitter.query.parse("markdown", QUERY)
  local timer, due = assert(vim.uv.new_timer()), false
  vim.wo[win].conceallevel = 2
  local function render()
    due = false
    M._render(buf, win, query)
  end
  api.nvim_create_autocmd({ "TextChanged", "TextChangedI", "CursorMoved", "WinScrolled" }, {
    callback = function()
      if not due then
        due = true
        timer:start(DEBOUNCE, 0, vim.schedule_wrap(render))
      end
    end,
  })
  render()
end

---@param buf integer
---@param win integer
---@param query vim.treesitter.Query
function M._render(buf, win, query)
  local first, last = vim.fn.line("w0", win) - 1, vim.fn.line("w$", win)
  local parser = assert(vim.treesitter.get_parser(buf, "markdown"))
  parser:parse({ first, last })
  api.nvim_buf_clear_namespace(buf, namespace, 0, -1)
  parser:for_each_tree(function(tree, language)
    if language:lang() ~= "markdown" then
      return
    end
    for id, node in query:iter_captures(tree:root(), buf, first, last) do
      M._mark(buf, query.captures[id], node)
    end
  end)
end

---@param buf integer
---@param name "heading"|"code"|"bullet"
---@param node TSNode
function M._mark(buf, name, node)
  local row, column, end_row, end_column = node:range()
  local mark = { end_row = end_row, end_col = end_column, strict = false }
  if name == "bullet" then
    mark.conceal = "●"
  elseif name == "heading" then
    mark.hl_group, mark.hl_eol = "DiffAdd", true
    mark.virt_text, mark.virt_text_pos = { { "█ ", "Title" } }, "inline"
  else
    mark.hl_group, mark.hl_eol = "ColorColumn", true
    mark.virt_text, mark.virt_text_pos = { { "code", "Comment" } }, "right_align"
  end
  api.nvim_buf_set_extmark(buf, namespace, row, column, mark)
end

return M
