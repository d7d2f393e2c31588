import torch

from train.release.weight_steps import weight_step


def test_neighbouring_inputs_share_what_sixteen_bits_hold():
    kernel = torch.tensor([[1.0, 0.27, 0.5, 0.5], [1.27, 0.0, 0.0, 0.0]])[:, :, None, None]
    assert torch.allclose(weight_step(kernel), torch.tensor([0.01, 0.01]))  # 1.0 + 0.27, and 1.27 alone


def test_depthwise_kernels_use_all_eight_bits():
    kernel = torch.tensor([1.27, 1.27, 1.27]).reshape(1, 1, 1, 3)
    assert torch.allclose(weight_step(kernel), torch.tensor([0.01]))


def test_the_first_convolution_counts_neighbours_in_every_order():
    kernel = torch.zeros(1, 3, 1, 2)
    kernel[0, :, 0, 0] = torch.tensor([1.0, 0.0, 0.27])
    kernel[0, :, 0, 1] = torch.tensor([0.0, 0.0, 1.0])
    # by channels first: 1.0 + 0.0, 0.0 + 0.0, 0.27 + 1.0; last: 1.0 + 0.0, 0.27 + 0.0, 0.0 + 1.0
    assert torch.allclose(weight_step(kernel), torch.tensor([0.01]))


def test_dead_channels_have_a_step():
    assert weight_step(torch.zeros(1, 2, 1, 1)) > 0
