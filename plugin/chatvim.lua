-- SPDX-License-Identifier: Apache-2.0
-- Commands, <Plug> maps and one autocommand. Nothing is required until one of them is used.
if vim.g.loaded_chatvim then
  return
end
vim.g.loaded_chatvim = true

local api = vim.api

if vim.fn.has("nvim-0.10") == 0 then
  api.nvim_echo({ { "chatvim: Neovim 0.10 or later is needed", "WarningMsg" } }, true, {})
  return
end

local command = api.nvim_create_user_command
command("ChatvimComplete", function()
  require("chatvim.commands").complete()
end, { bar = true, desc = "Answer the chat in the current buffer" })
command(
  "ChatvimStop",
  function(arguments)
    require("chatvim.commands").stop(arguments.bang)
  end,
  { bang = true, bar = true, desc = "Stop the answer in the current buffer (with !: every answer)" }
)
command("ChatvimRequest", function()
  require("chatvim.commands").request()
end, { bar = true, desc = "Show the request that would be sent, without its key" })
command("ChatvimModel", function(arguments)
  require("chatvim.commands").model(arguments.args)
end, {
  bar = true,
  nargs = "?",
  complete = function(lead)
    return require("chatvim.model").complete(lead)
  end,
  desc = "Set the model of the current buffer's chat; without a name, pick one",
})

local map = api.nvim_set_keymap
map("n", "<Plug>(chatvim-complete)", "<Cmd>ChatvimComplete<CR>", { noremap = true })
map("n", "<Plug>(chatvim-stop)", "<Cmd>ChatvimStop<CR>", { noremap = true })
map("n", "<Plug>(chatvim-model)", "<Cmd>ChatvimModel<CR>", { noremap = true })

api.nvim_create_autocmd("FileType", {
  group = api.nvim_create_augroup("chatvim.attach", {}),
  pattern = "markdown",
  desc = "Chatvim: default keys; start the program early where the buffer is a chat",
  callback = function(event)
    require("chatvim.attach").attach(event.buf)
  end,
})

-- A plugin manager may load this file when chats are open already.
for _, buf in ipairs(api.nvim_list_bufs()) do
  if vim.bo[buf].filetype == "markdown" then
    require("chatvim.attach").attach(buf)
  end
end
